"""faktura invoices, einvoice, accounting and verify, as an operator calls them."""

import json
import re
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.services.company import Company, bill, fill, opened, settle

from faktura.cli.main import faktura
from faktura.kernel.errors import (
    DateUnreadable,
    ExportRefused,
    FileUnwritable,
    NotFound,
    RenderRefused,
)


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """Runs `faktura` on a company with a month of invoices and a payment."""
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'books.db'}"
    database = opened(url)
    company = Company(database)
    fill(company)
    company.contract(company.customer(document_format=None), "A-6")
    bill(database, company.tenant)
    settle(database, company.tenant, "RE-000001", 7140)
    database.close()
    environment = {
        "FAKTURA_DATABASE_URL": url,
        "FAKTURA_PLUGINS": "xrechnung,datev",
        "FAKTURA_DATEV__CONSULTANT": "1001",
        "FAKTURA_DATEV__CLIENT": "1",
    }
    runner = CliRunner()

    def run(*arguments: str):
        return runner.invoke(faktura, arguments, env=environment)

    return run


def printed(result):
    """The JSON a command printed."""
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_invoices_are_listed_with_what_is_open(shell):
    """Newest first, filtered by customer, page by page."""
    rows = printed(shell("invoices", "list", "--json"))
    page = printed(shell("invoices", "list", "--before", "RE-000002", "--json"))
    own = printed(shell("invoices", "list", "--customer", "K-2", "--json"))
    table = shell("invoices", "list", "--limit", "1").stdout

    assert len(rows) == 10
    assert (rows[0]["number"], rows[0]["gross"], rows[0]["open"]) == ("RE-000010", "58.00", "58.00")
    assert [(row["number"], row["state"], row["open"]) for row in page] == [
        ("RE-000001", "PAID", "0.00")
    ]
    assert [row["name"] for row in own] == ["Jo Muster"]
    assert "RE-000010" in table
    assert "RE-000009" not in table


def test_an_invoice_is_shown_and_explained(shell):
    """O10: each line with its stored derivation in plain words, recomputed."""
    plain = shell("invoices", "show", "RE-000007").stdout
    explained = shell("invoices", "show", "RE-000007", "--explain").stdout
    data = printed(shell("invoices", "show", "RE-000007", "--explain", "--json"))

    assert "recomputed" not in plain
    assert "Membership by the month" in shell("invoices", "show", "RE-000001").stdout
    assert "1. 30.00 EUR × 1 × 17/31 = 16.45" in explained
    assert "VAT 19 % (STANDARD) of 17.10.2026" in explained
    assert explained.count("recomputed from the stored derivation: the same") == 2
    assert data["lines"][0]["explanation"]["holds"] is True
    assert data["snapshot"]["buyer"]["name"] == "Kunde 7 GmbH"
    assert isinstance(shell("invoices", "show", "RE-99").exception, NotFound)


def test_credit_of_a_paid_invoice_is_told(shell):
    """F064: the new invoice takes what it needs of 71.40; without one all of it is credit."""
    again = shell("invoices", "rebill", "RE-000001")
    gone = shell("invoices", "cancel", "RE-000011")

    assert again.stdout == (
        "RK-000001 (CANCELLATION) over -71.40 EUR corrects RE-000001.\n"
        "Set off: 71.40 EUR against RE-000011; nothing is left of it.\n"
        "RE-000011 (INVOICE) over 71.40 EUR is issued; 0.00 EUR of it are open.\n"
    )
    assert gone.stdout == (
        "RK-000002 (CANCELLATION) over -71.40 EUR corrects RE-000011.\n"
        "71.40 EUR are credit on the account of K-1.\n"
        "What it billed waits: the next run bills it again, interim billing what is manual.\n"
    )
    shown = printed(shell("invoices", "show", "RE-000011", "--json"))
    assert (shown["replaces"], shown["correctedBy"]) == (["RE-000001"], ["RK-000002"])


def test_a_line_that_does_not_follow_is_shouted(shell, tmp_path):
    """Whoever reads the explanation sees that the books are broken."""
    tamper(tmp_path, "UPDATE document_line SET derivation = replace(derivation, '30', '31')")

    explained = shell("invoices", "show", "RE-000001", "--explain").stdout

    assert "RECOMPUTED FROM THE STORED DERIVATION: 62.00 EUR; run faktura verify" in explained


def test_documents_are_written_as_files(shell, tmp_path):
    """One to a file, many to a folder; again, and nothing is new."""
    one = shell("einvoice", "render", "RE-000001", "--out", "one.xml")
    all_of_them = printed(shell("einvoice", "render", "--all", "--out", "all", "--json"))

    assert one.exit_code == 0
    assert (tmp_path / "one.xml").read_bytes() == (tmp_path / "all/RE-000001.xml").read_bytes()
    assert all_of_them == {"rendered": 10, "new": 9, "refused": 0, "out": "all"}
    assert len(list((tmp_path / "all").iterdir())) == 10
    assert shell("einvoice", "render", "--out", "x").exit_code == 2
    assert shell("einvoice", "render", "RE-000001", "--all", "--out", "x").exit_code == 2


def test_a_document_the_format_refuses_is_named(shell, tmp_path):
    """Alone it is the error; among others it is reported and the exit code is 1."""
    tamper(tmp_path, "UPDATE document SET snapshot = replace(snapshot, 'kunde1@example.com', '')"
                     " WHERE number = 'RE-000001'")  # fmt: skip

    alone = shell("einvoice", "render", "RE-000001", "--out", "one.xml")
    among = shell("einvoice", "render", "--all", "--out", "all")
    checked = shell("einvoice", "preflight", "RE-000001", "--json")

    assert isinstance(alone.exception, RenderRefused)
    assert not (tmp_path / "one.xml").exists()
    assert among.exit_code == 1
    assert "RE-000001: The buyer's electronic address is missing" in among.stderr
    assert checked.exit_code == 1
    assert [row["term"] for row in json.loads(checked.stdout)] == ["BT-49"]


def test_a_document_that_keeps_the_rules_is_said_so(shell):
    """With the version of the rules."""
    checked = shell("einvoice", "preflight", "RE-000001")

    assert checked.stdout == (
        "RE-000001 keeps the rules of xrechnung-cii (xrechnung-3.0.2/en16931-1.3.16).\n"
    )


def test_balances_and_journal_are_shown(shell):
    """Debits equal credits."""
    (balance,) = printed(shell("accounting", "balances", "--json"))
    table = shell("accounting", "balances", "--to", "2026-10-01").stdout
    empty = shell("accounting", "balances", "--to", "2020-01-01").stdout
    entries = printed(shell("accounting", "journal", "--account", "10001", "--json"))
    legs = shell("accounting", "journal", "--from", "2026-10-20", "--to", "2026-10-20").stdout

    assert balance["debit"] == balance["credit"]
    assert "1400" in table
    assert empty == "Nothing is posted.\n"
    assert [entry["key"] for entry in entries] == ["inv:RE-000001", "pay:RE-000001:1"]
    assert "71.40" in legs
    refused = shell("accounting", "balances", "--to", "1.10.2026").exception
    assert isinstance(refused, DateUnreadable)


def test_drafts_are_shown_and_completed(shell):
    """F106: the key to set is named; setting it posts what waited."""
    waiting = printed(shell("accounting", "drafts", "--json"))
    table = shell("accounting", "drafts").stdout
    shell("accounting", "accounts", "set", "VAT:STANDARD:16", "1775")
    done = printed(shell("accounting", "accounts", "set", "REVENUE:STANDARD:16", "8410", "--json"))
    accounts = printed(shell("accounting", "accounts", "list", "--json"))
    none = shell("accounting", "drafts").stdout

    assert [row["missing"] for row in waiting] == [["REVENUE:STANDARD:16", "VAT:STANDARD:16"]]
    assert "accounts set KEY ACCOUNT" in table
    assert done == {
        "key": "REVENUE:STANDARD:16", "account": "8410", "posted": 1, "still_waiting": 0,
    }  # fmt: skip
    assert {"key": "VAT:STANDARD:16", "account": "1775", "source": "tenant"} in accounts
    assert "accounts set" not in none


DAYS = ("--from", "2026-10-01", "--to", "2026-10-31")


def test_a_month_with_drafts_is_refused_and_exported_without_them_when_told_so(shell):
    """F106: the accounts that are missing are named, with how many entries wait for each."""
    refused = shell("accounting", "export", "datev", *DAYS, "--out", "out").exception
    told = (*DAYS, "--without-drafts", "--out", "out")
    made = printed(shell("accounting", "export", "datev", *told, "--json"))
    rest = shell("accounting", "export", "datev", *told).stdout

    assert isinstance(refused, ExportRefused)
    assert refused.problem == (
        "1 entry waits for an account that nobody set: REVENUE:STANDARD:16 (1), VAT:STANDARD:16 (1)"
    )
    assert (made["batch"], made["drafts"], made["late"], made["deferrals"]) == (1, 1, 0, 0)
    assert made["missing"] == [
        {"key": "REVENUE:STANDARD:16", "drafts": 1}, {"key": "VAT:STANDARD:16", "drafts": 1},
    ]  # fmt: skip
    assert "Nothing to export to datev: no entry of these days is left." in rest
    assert "1 entries of these days wait for an account" in rest


def test_a_month_is_exported_once_and_repeated_byte_for_byte(shell, tmp_path):
    """The second time there is nothing left; --again writes the same bytes."""
    told = ("--without-drafts", "--no-debtors", "--no-payments")
    first = printed(shell("accounting", "export", "datev", *DAYS, *told, "--out", "out", "--json"))
    second = shell("accounting", "export", "datev", *DAYS, *told, "--out", "out")
    again = shell("accounting", "export", "datev", "--again", "1", "--out", "again")
    (payments,) = printed(
        shell("accounting", "export", "datev", *DAYS, *told[:2], "--out", "out", "--json")
    )["files"]

    (file,) = first["files"]
    name = "datev-0001/EXTF_Buchungsstapel_202610.csv"
    assert file["path"] == f"out/{name}"
    assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    assert "Nothing to export to datev" in second.stdout
    assert "datev batch 1: 2026-10-01 to 2026-10-31" in again.stdout
    assert (payments["rows"], payments["path"].split("/")[1]) == (1, "datev-0002")
    assert shell("accounting", "export", "datev", "--out", "x").exit_code == 2
    assert shell("accounting", "export", "datev", *DAYS[:2], "--out", "x").exit_code == 2
    both = shell("accounting", "export", "datev", *DAYS, "--again", "1", "--out", "x")
    assert both.exit_code == 2


def test_batches_are_listed_shown_and_taken_back(shell):
    """A voided one keeps its number; its entries go out with the next."""
    nothing = shell("accounting", "batches", "list").stdout
    told = (*DAYS, "--without-drafts", "--out", "out")
    shell("accounting", "export", "datev", *told)
    one = printed(shell("accounting", "batches", "show", "datev", "1", "--json"))
    page = shell("accounting", "batches", "show", "datev", "1").stdout
    checked = printed(shell("accounting", "batches", "check", "datev", "1", "--json"))
    why = ("--reason", "Falsch")
    voided = printed(shell("accounting", "batches", "void", "datev", "1", *why, "--json"))
    shell("accounting", "export", "datev", *told)
    rows = printed(shell("accounting", "batches", "list", "datev", "--json"))

    assert nothing == "Nothing was exported yet.\n"
    assert (one["entries"], one["state"], one["from"]) == (10, "MADE", "2026-10-01")
    assert one["options"] == {
        "payments": True, "corrections": True, "deferrals": True, "debtors": True,
    }  # fmt: skip
    assert one["files"][-1]["name"] in page
    assert re.search(r"options +all *\n made +\d{4}-\d\d-\d\d \d\d:\d\d *\n", page)
    assert [row["result"] for row in checked] == ["not compared", "same"]
    assert (voided["state"], voided["freed"], voided["void_reason"]) == ("VOIDED", 10, "Falsch")
    assert [(row["batch"], row["state"]) for row in rows] == [(2, "MADE"), (1, "VOIDED")]
    gone = shell("accounting", "batches", "void", "datev", "2", *why).stdout
    assert "Whoever has its files already must not import them." in gone
    assert isinstance(shell("accounting", "batches", "show", "datev", "3").exception, NotFound)


def test_what_people_wrote_is_not_replaced_unless_they_say_so(shell, tmp_path):
    """The process documentation is filled in by hand; a pack may be handed out already."""
    paper, pack = str(tmp_path / "paper.md"), str(tmp_path / "pack.zip")
    writings = (
        ("accounting", "process-document", "--out", paper),
        ("accounting", "audit-pack", "RE-000001", "--out", pack),
    )

    for words in writings:
        assert shell(*words).exit_code == 0
        Path(words[-1]).write_text("ours")
        refused = shell(*words).exception
        assert isinstance(refused, FileUnwritable)
        assert refused.mend == "Give another name, or replace it with --force"
        assert Path(words[-1]).read_text() == "ours"
        assert shell(*words, "--force").exit_code == 0
    assert Path(paper).read_text().startswith("# Verfahrensdokumentation")
    assert shell("accounting", "process-document").stdout.startswith("# Verfahrensdokumentation")


def test_a_kept_head_is_found_in_the_chain(shell, tmp_path):
    """People read a minute, the file has the moment."""
    kept = shell("accounting", "chain-head", "--json").stdout
    (tmp_path / "head.json").write_text(kept)
    head = json.loads(kept)

    proved = shell("verify", "--head", str(tmp_path / "head.json"))

    assert proved.exit_code == 0
    assert f"the kept head, seal {head['seal']}, is in the chain\n" in proved.stdout
    assert re.search(r"\d\d:\d\d *\n$", shell("accounting", "chain-head").stdout)


def test_days_that_are_not_over_or_go_backwards_are_said(shell):
    """In words of the options."""
    ahead = ("--from", "2026-10-01", "--to", "2099-01-31", "--without-drafts", "--out", "out")
    back = ("--from", "2026-10-31", "--to", "2026-10-01", "--out", "out")

    refused = shell("accounting", "export", "datev", *back).exception
    over = shell("accounting", "export", "datev", *DAYS, *ahead[4:])
    running = shell("accounting", "export", "datev", *ahead)

    assert str(refused) == "--to: 2026-10-01 lies before 2026-10-31. It is the last day"
    assert "These days are not over" not in over.stdout
    assert "These days are not over" in running.stdout


def test_verify_says_ok_or_names_the_place(shell, tmp_path):
    """Exit code 1 and the exact place otherwise."""
    whole = shell("verify")
    script = printed(shell("verify", "--json"))
    tamper(tmp_path, "UPDATE open_item SET open = 1 WHERE number = 'RE-000003'")
    broken = shell("verify")
    broken_script = shell("verify", "--json")

    assert whole.exit_code == 0
    assert [line.split() for line in whole.stdout.splitlines()] == [
        [name, "ok"]
        for name in (
            "SEALS", "LEDGER", "LOCKS", "ACCOUNTS", "DOCUMENTS", "NUMBERS", "PERIODS", "PROJECTIONS",
            "PAYMENTS",
            "MATCHES",
            "DUNNING",
            "CONTENTS",
        )
    ]  # fmt: skip
    assert script["ok"] is True
    assert broken.exit_code == 1
    assert "open_item of document RE-000003: it is not the document's amount" in broken.stderr
    assert "PROJECTIONS  1 violation\n" in broken.stdout
    assert broken_script.exit_code == 1
    assert json.loads(broken_script.stdout)["violations"][1]["proof"] == "PROJECTIONS"


def tamper(folder, change):
    """Change a row behind the core's back."""
    with sqlite3.connect(folder / "books.db") as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(change)
    connection.close()
