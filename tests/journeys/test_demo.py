"""`faktura demo` as a user runs it, in a process of its own, on both databases."""

import json
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

import pikepdf
import pytest
import saxonche
from tests.conformance.official import OfficialRules

_ROOT = Path(__file__).parents[2]
_COMMAND = (sys.executable, "-c", "from faktura.cli.main import main; main()")


def faktura(
    folder: Path, *arguments: str, url: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command in `folder`, on its default database or on `url`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("FAKTURA_")}
    environment = kept if url is None else {**kept, "FAKTURA_DATABASE_URL": url}
    return subprocess.run(
        [*_COMMAND, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def steps(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """The result of each step by its name."""
    assert done.returncode == 0, done.stderr
    return {step["step"]: step["result"] for step in json.loads(done.stdout)}


def _without_ids(content: bytes) -> bytes:
    """The keys of payments carry the ids of their movements, which differ from run to run."""
    return re.sub(rb"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}", b"ID", content)


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The demo on its own database, and what its steps came to."""
    folder = tmp_path_factory.mktemp("demo")
    return folder, steps(faktura(folder, "demo", "--no-serve", "--json"))


EXPECTED = {
    "Lindenhof Digital GmbH": "40 customers, 60 contracts, 10 articles",
    "Billing run of 2026-10-01": "59 invoices, 0 in quarantine",
    "E-invoices": "9 pdf, 2 xrechnung-cii, 48 zugferd",
    "Journal": "debits 29952.90 EUR = credits 29952.90 EUR",
    "Bank statement": "21 movements: 17 paid what they name, 1 returned debit with its fee,"
    " 3 wait for a person",
    "Open items": "34 invoices, 8664.62 EUR",
    "Deferred revenue": "4 invoices, 12956.52 EUR",
    "DATEV export of October": "99 rows",
    "faktura verify": "ledger, accounts, numbers, periods, seals and files hold",
}


def test_the_month_comes_to_what_it_always_comes_to(month: tuple[Path, dict[str, str]]):
    """One command, one table: every figure is literal, so a changed rule shows here."""
    _, results = month

    assert results == EXPECTED


def test_the_files_lie_where_the_table_says(month: tuple[Path, dict[str, str]]):
    """A file for each invoice, the statement and the DATEV batch are below var/demo/files."""
    folder, _ = month
    files = folder / "var" / "demo" / "files"

    names = sorted(file.name for file in (files / "invoices").iterdir())
    assert len({name.partition(".")[0] for name in names}) == len(names) == 59
    assert Counter(Path(name).suffix for name in names) == {".pdf": 57, ".xml": 2}
    assert (files / "statement.xml").exists()
    batch = (files / "datev-0001" / "EXTF_Buchungsstapel_202610.csv").read_bytes()
    assert batch.startswith(b'"EXTF";700;21;"Buchungsstapel";13;')


def _attached(file: Path) -> bytes | None:
    """The invoice inside a page; None where the page stands alone."""
    with pikepdf.open(file) as pdf:
        inside = list(pdf.attachments)
        return pdf.attachments[inside[0]].get_file().read_bytes() if inside else None


def test_every_invoice_of_the_month_passes_the_official_rules(month: tuple[Path, dict[str, str]]):
    """XSD, CEN, KoSIT and Factur-X refuse none and warn about none of the company's invoices.

    Companies have theirs inside a page, authorities as a file; consumers have a page alone.
    """
    invoices = month[0] / "var/demo/files/invoices"
    pages = {file.name: _attached(file) for file in invoices.glob("*.pdf")}
    files = {file.name: file.read_bytes() for file in invoices.glob("*.xml")}
    hybrids = {name: xml for name, xml in pages.items() if xml is not None}

    rules = OfficialRules(saxonche.PySaxonProcessor(license=False))
    broken = {
        **{name: rules.broken_by(xml, "xrechnung") for name, xml in files.items()},
        **{name: rules.broken_by(xml, "zugferd") for name, xml in hybrids.items()},
    }

    assert (len(files), len(hybrids), len(pages) - len(hybrids)) == (2, 48, 9)
    assert {name: found for name, found in broken.items() if found} == {}


def _asked_for(folder: Path, url: str) -> Counter[str]:
    """How many documents wait to be rendered by a worker, by format."""
    jobs = faktura(folder, "jobs", "list", "--limit", "1000", "--json", url=url)
    given = [job["args"] for job in json.loads(jobs.stdout) if job["name"] == "RENDER_DOCUMENTS"]
    return Counter(args["format"] for args in given for _ in args["documents"])


def test_the_month_is_the_same_on_the_users_database(
    empty_database_url: str, tmp_path: Path, month: tuple[Path, dict[str, str]]
):
    """FAKTURA_DATABASE_URL: the same figures, the files below --out, nothing in var."""
    done = faktura(
        tmp_path,
        "demo",
        "--no-serve",
        "--json",
        "--out",
        str(tmp_path / "out"),
        url=empty_database_url,
    )

    assert steps(done) == EXPECTED
    batch = Path("datev-0001") / "EXTF_Buchungsstapel_202610.csv"
    first = month[0] / "var/demo/files" / batch
    assert _without_ids((tmp_path / "out" / batch).read_bytes()) == _without_ids(first.read_bytes())
    assert not (tmp_path / "var").exists()
    # Whoever serves this database has a worker look: it finds them stored already.
    waiting = _asked_for(tmp_path, empty_database_url)
    assert waiting == {"pdf": 9, "xrechnung-cii": 2, "zugferd": 48}

    again = steps(faktura(tmp_path, "demo", "--no-serve", "--json", url=empty_database_url))

    # The payments of the first time are in the journal, and the statement brings none again.
    assert again["Journal"] == "debits 64272.60 EUR = credits 64272.60 EUR"
    unchanged = set(EXPECTED) - {"Journal", "Bank statement"}
    assert {name: again[name] for name in unchanged} == {name: EXPECTED[name] for name in unchanged}


def test_the_demo_prints_an_address_that_signs_in_once(tmp_path: Path):
    """By today's clock, so that its worker forgets neither link nor session."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("FAKTURA_")}
    with subprocess.Popen(
        [*_COMMAND, "demo", "--port", "0"],
        cwd=tmp_path,
        env=kept,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        told = iter(process.stdout.readline, "")
        address = next(
            found[0]
            for line in told
            if (found := re.search(r"http://127\.0\.0\.1:\d+/sign-in/link\?token=\S+", line))
        )
        next(line for line in told if line.startswith("worker "))
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with browser.open(address, timeout=60) as answer:
            page, there = answer.read().decode(), answer.url
        with pytest.raises(urllib.error.HTTPError) as replayed:
            urllib.request.build_opener().open(address, timeout=60)
        process.terminate()
        process.communicate(timeout=60)

    assert there.endswith("/admin/t/lindenhof/status")
    assert "Lindenhof Digital GmbH" in page
    assert replayed.value.code == 422
    replayed.value.close()
    assert process.returncode == 0


def test_the_demo_refuses_a_database_with_other_tenants(empty_database_url: str, tmp_path: Path):
    """Nobody's data is mixed with the sample company's."""
    assert faktura(tmp_path, "db", "init", url=empty_database_url).returncode == 0
    created = faktura(
        tmp_path, "tenants", "create", "mine", "--name", "Mine GmbH", "--street", "Weg 1",
        "--zip", "10115", "--city", "Berlin", "--tax-number", "37/123/45678", url=empty_database_url,
    )  # fmt: skip
    assert created.returncode == 0, created.stderr

    refused = faktura(tmp_path, "demo", "--no-serve", url=empty_database_url)

    assert refused.returncode == 1
    assert "the database holds other tenants: mine" in refused.stderr


def test_a_port_that_is_taken_is_told_before_the_month_is_billed(tmp_path: Path) -> None:
    """Nobody waits for a month that then is not served."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = faktura(tmp_path, "demo", "--port", str(port))

    assert done.returncode == 1
    assert f"port {port} of 127.0.0.1 is in use" in done.stderr
    assert list(tmp_path.iterdir()) == []
