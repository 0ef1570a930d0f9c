"""faktura changes and billing what-if, as an operator calls them; the clock stands at real time."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.services.changes.world import open_world

from faktura.cli.main import faktura
from faktura.kernel.errors import FileUnreadable
from faktura.services.imports.findings import FieldsRefused

Shell = Callable[..., Result]
UPGRADE = {
    "date": "2019-08-10",
    "items": [{"currentArticleNumber": "MEMBER", "quantity": "2"}],
}


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Runs `faktura` where August 2019 of one contract ends on the 1st of September: nothing more is due."""
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'books.db'}"
    world = open_world(url)
    # The item runs for August alone, so that the day on which this test runs does not matter.
    world.contract(
        contractNumber="V-1",
        subscriptions=[
            {"items": [{"articleNumber": "MEMBER", "quantity": "1", "until": "2019-09-01"}]}
        ],
    )
    world.bill(date(2019, 8, 1))
    world.database.close()
    (tmp_path / "upgrade.json").write_text(json.dumps(UPGRADE), encoding="utf-8")
    runner = CliRunner()

    def run(*arguments: str) -> Result:
        environment = {"FAKTURA_DATABASE_URL": url, "FAKTURA_PLUGINS": ""}
        return runner.invoke(faktura, arguments, env=environment)

    return run


def _nets(result: Result) -> list[tuple[str, str]]:
    assert result.exit_code == 0, result.output
    return [(one["kind"], one["net"]) for one in json.loads(result.stdout)["documents"]]


def test_a_dry_run_shows_what_the_upgrade_then_makes(shell: Shell):
    """O11: the same documents; those of the dry run have no number yet."""
    tried = shell("changes", "small-upgrade", "V-1", "upgrade.json", "--dry-run", "--json")
    done = shell("changes", "small-upgrade", "V-1", "upgrade.json", "--json")

    assert _nets(tried) == [("CORRECTION", "-30.00"), ("INVOICE", "51.29")]
    assert _nets(done) == _nets(tried)
    assert {one["number"] for one in json.loads(tried.stdout)["documents"]} == {None}
    assert [one["number"] for one in json.loads(done.stdout)["documents"]] == [
        "RK-000001",
        "RE-000002",
    ]


def test_a_person_reads_lines_postings_and_the_difference(shell: Shell):
    """Tables in plain words; nothing was written, and it says so."""
    result = shell("changes", "terminate", "V-1", "--end", "2019-08-21", "--to-the-day",
                   "--extraordinary", "--reason", "Umzug", "--dry-run")  # fmt: skip

    assert result.exit_code == 0, result.output
    assert "It would make these documents" in result.stdout
    assert "-35.70" in result.stdout
    assert "1400" in result.stdout
    assert "Difference: -12.67 EUR." in result.stdout
    assert "Contract V-1 is TERMINATED, its last day is 2019-08-20." in result.stdout
    assert "Nothing was written." in result.stdout


def test_a_contract_is_terminated_to_the_day(shell: Shell):
    """F013: 20/31 of 30.00 = 19.35."""
    result = shell("changes", "terminate", "V-1", "--end", "2019-08-21", "--to-the-day",
                   "--extraordinary", "--notice-on", "2019-08-10", "--json")  # fmt: skip

    assert _nets(result) == [("CORRECTION", "-30.00"), ("INVOICE", "19.35")]


def test_a_cycle_is_aligned_with_a_text(shell: Shell):
    """F029: the item is named by its id, so that the contract's invoices stay where they are."""
    shown = json.loads(shell("contracts", "show", "V-1", "--json").stdout)
    item = shown["items"][0]["itemId"]

    result = shell("changes", "align", "V-1", "--from", "2019-08-15", "--item", item,
                   "--text", "Umstellung", "--dry-run", "--json")  # fmt: skip

    # 14/31 of 30.00; from the 15th a new cycle until the item's own end: 17/31 of its first period.
    assert _nets(result) == [("CORRECTION", "-30.00"), ("INVOICE", "30.00")]


def test_a_change_without_documents_says_so(shell: Shell):
    """Nothing beyond September is billed."""
    result = shell("changes", "terminate", "V-1", "--end", "2019-09-01", "--extraordinary")

    assert result.exit_code == 0, result.output
    assert "No document." in result.stdout
    assert "Difference: 0.00 EUR." in result.stdout


def test_a_large_upgrade_comes_from_a_file(shell: Shell, tmp_path: Path):
    """F069: the successor starts in the future, so that nothing of it is due."""
    file = tmp_path / "large.json"
    file.write_text(
        json.dumps(
            {
                "date": "2019-08-16",
                "contractNumber": "V-2",
                "billInAdvance": False,
                "billingInterval": {"count": 3, "unit": "MONTH"},
                "subscriptions": [
                    {"items": [{"articleNumber": "SEAT", "quantity": "1", "until": "2019-08-17"}]}
                ],
            }
        ),
        encoding="utf-8",
    )

    result = shell("changes", "large-upgrade", "V-1", "large.json", "--json")

    # 15/31 of 30.00 = 14.52; one day of 12.50 in 31 = 0.40.
    assert _nets(result) == [("CORRECTION", "-30.00"), ("INVOICE", "14.52"), ("INVOICE", "0.40")]


def test_what_if_takes_a_file_with_several_changes(shell: Shell, tmp_path: Path):
    """Nothing of it is written."""
    file = tmp_path / "what-if.json"
    changes = [
        {"smallUpgrade": UPGRADE},
        {"terminate": {"end": "2019-09-01", "extraordinary": True}},
    ]
    file.write_text(json.dumps({"contractNumber": "V-1", "changes": changes}), encoding="utf-8")

    result = shell("billing", "what-if", "what-if.json", "--json")

    assert _nets(result)[0] == ("CORRECTION", "-30.00")
    assert json.loads(result.stdout)["dryRun"] is True
    assert len(json.loads(shell("invoices", "list", "--json").stdout)) == 1


def test_a_file_that_is_none_is_refused(shell: Shell, tmp_path: Path):
    """With its name."""
    (tmp_path / "broken.json").write_text("[", encoding="utf-8")

    assert isinstance(
        shell("changes", "small-upgrade", "V-1", "broken.json").exception, FileUnreadable
    )


def test_a_field_that_is_not_known_is_refused(shell: Shell, tmp_path: Path):
    """By its path."""
    (tmp_path / "odd.json").write_text(json.dumps({**UPGRADE, "day": 1}), encoding="utf-8")

    refused = shell("changes", "small-upgrade", "V-1", "odd.json").exception

    assert isinstance(refused, FieldsRefused)
    assert refused.parts[0].place == "smallUpgrade.day"


def test_the_history_says_what_changed_and_by_which_documents(shell: Shell):
    """In the tenant's time, without what everybody knows."""
    shell("changes", "small-upgrade", "V-1", "upgrade.json")

    told = shell("contracts", "history", "V-1").stdout

    assert "CONTRACT_UPGRADED    date 2019-08-10; documents RK-000001, RE-000002" in told
    assert "customerNumber" not in told
