"""faktura mails, as an operator calls it."""

import email
import json
from collections.abc import Callable
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.services.company import opened
from tests.services.mails.scene import MailScene

from faktura.cli.main import faktura
from faktura.domain.addresses import Address
from faktura.kernel.errors import FieldInvalid, FileUnwritable, Misconfigured

Shell = Callable[..., Result]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Runs `faktura` on a company with two invoices whose mails are written; the second went nowhere."""
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'books.db'}"
    database = opened(url)
    scene = MailScene(database, tmp_path)
    # The folder that an installation with this database has.
    (tmp_path / "books-content").symlink_to(tmp_path / "content")
    (tmp_path / "content").mkdir()
    scene.customer()
    scene.change_tenant(document_format=None)
    scene.company.contract(scene.company.customer(leitweg_id="04011000-12345-03"), "A-1")
    scene.company.contract(
        scene.company.customer(
            is_business=False, address=Address("Weg 1", "20095", "Hamburg"), email=""
        ),
        "A-1",
    )
    scene.bill()
    scene.hand_out()
    scene.compose()
    database.close()
    runner = CliRunner()

    def run(*arguments: str, **environment: str) -> Result:
        shared = {"FAKTURA_DATABASE_URL": url, "FAKTURA_PLUGINS": "xrechnung"}
        return runner.invoke(faktura, ["mails", *arguments], env=shared | environment)

    return run


def printed(result: Result) -> Any:
    """The JSON a command printed."""
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def written(shell: Shell) -> str:
    """The id of the mail that is written."""
    (row,) = printed(shell("list", "--customer", "K-2", "--json"))
    return str(row["mailId"])


def test_mails_are_listed_by_what_people_look_for(shell: Shell):
    """Whom they are for, what they are for, where they stand."""
    rows = printed(shell("list", "--json"))
    failed = printed(shell("list", "--state", "failed", "--use", "invoice", "--json"))
    about = printed(shell("list", "--invoice", "RE-000002", "--json"))
    table = shell("list", "--limit", "1").stdout

    assert [(one["customerNumber"], one["state"]) for one in rows] == [
        ("K-3", "FAILED"), ("K-2", "WAITING"), ("K-1", "FAILED"),
    ]  # fmt: skip
    assert len(failed) == 2
    assert [one["recipients"] for one in about] == [["kunde2@example.com"]]
    assert "K-3" in table
    assert "K-2" not in table


def test_a_mail_is_shown_with_all_that_stands_in_it(shell: Shell, tmp_path: Path):
    """As text, as HTML in a file, and as the bytes that a server gets."""
    number = written(shell)

    record = printed(shell("show", number, "--json"))
    files = ("--html", str(tmp_path / "m.html"), "--eml", str(tmp_path / "m.eml"))
    text = shell("show", number, *files).stdout

    assert record["message"]["recipients"] == ["kunde2@example.com"]
    assert record["message"]["attachments"][0]["name"] == "RE-000002.xml"
    assert "35,70 EUR" in text
    assert "RE-000002.xml" in text
    assert "RE-000002" in (tmp_path / "m.html").read_text(encoding="utf-8")
    sent = email.message_from_bytes((tmp_path / "m.eml").read_bytes(), policy=default)
    assert sent["To"] == "kunde2@example.com"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["Message-ID"] == record["message"]["messageId"]
    assert [part.get_filename() for part in sent.iter_attachments()] == ["RE-000002.xml"]


@pytest.mark.parametrize("option", ["--html", "--eml"])
def test_a_file_that_cannot_be_written_is_named(shell: Shell, tmp_path: Path, option: str):
    """And nothing breaks off with a trace of the program."""
    (tmp_path / "taken").write_text("a file, no folder", encoding="utf-8")

    refused = shell("show", written(shell), option, str(tmp_path / "taken" / "mail"))

    assert isinstance(refused.exception, FileUnwritable)


def test_a_mail_that_is_not_written_says_so(shell: Shell):
    """With the reason that a person can mend."""
    (row,) = printed(shell("list", "--customer", "K-1", "--json"))

    shown = shell("show", row["mailId"]).stdout

    assert "It is not written yet." in shown
    assert row["error"]["mend"]


def test_mails_are_called_off_and_sent_again(shell: Shell):
    """By id, or all that failed."""
    number = written(shell)

    off = printed(shell("cancel", number, "--json"))
    again = printed(shell("resend", number, "--json"))
    failed = printed(shell("resend", "--all-failed", "--use", "invoice", "--json"))
    none = shell("resend", "--all-failed").stdout

    assert off["state"] == "SKIPPED"
    assert (again, failed) == ({"resent": 1}, {"resent": 2})
    assert none == "0 mails are sent again.\n"


@pytest.mark.parametrize(
    "wrong", [(), ("--to", "a@b.example"), ("--all-failed", "{id}"), ("{id}", "--use", "INVOICE")]
)
def test_what_is_sent_again_must_be_named_one_way(shell: Shell, wrong: tuple[str, ...]):
    """One mail for another address; ids, or all that failed, but not both."""
    number = written(shell)

    result = shell("resend", *(word.format(id=number) for word in wrong))

    assert result.exit_code == 2


def test_settings_are_shown_and_set(shell: Shell):
    """F127: also which uses are written at all."""
    before = printed(shell("settings", "--json"))
    after = printed(
        shell("settings", "--sender", "post@werk.example", "--off", "dunning", "--json")
    )
    uses = {one["use"]: one for one in printed(shell("uses", "--json"))}
    refused = shell("settings", "--reply-to", "post@werk")

    assert before["sender"] is None
    assert (after["sender"], after["off"]) == ("post@werk.example", ["DUNNING"])
    assert uses["DUNNING"] == {"use": "DUNNING", "on": False, "recipients": "DUNNING"}
    assert uses["WEBHOOK_DISABLED"]["recipients"] == "TENANT"
    assert isinstance(refused.exception, FieldInvalid)
    assert refused.exception.place == "replyTo, column 9"


def test_a_trial_is_asked_for_like_any_mail(shell: Shell):
    """The worker sends it; what stands in it is made up."""
    asked = printed(shell("test", "me@example.com", "--use", "dunning", "--json"))

    assert (asked["use"], asked["state"], asked["customerNumber"]) == ("DUNNING", "WAITING", None)
    assert asked["recipients"] == ["me@example.com"]


def test_a_trial_says_who_gets_it_and_that_the_worker_sends_it(shell: Shell):
    """It is not written yet: its address is known all the same."""
    told = shell("test", "me@example.com").stdout

    assert "me@example.com" in told
    assert "subject" not in told
    assert "\nThe worker writes and sends it; what becomes of it: faktura mails show " in told


def test_a_customer_is_sent_the_link_to_their_payment_data(shell: Shell):
    """With the address of this installation; without one it is said what to set."""
    refused = shell("portal-access", "K-2")
    asked = printed(
        shell("portal-access", "K-2", "--json", FAKTURA_PUBLIC_URL="https://billing.example.com")
    )

    assert isinstance(refused.exception, Misconfigured)
    assert (asked["use"], asked["customerNumber"]) == ("PORTAL_ACCESS", "K-2")
