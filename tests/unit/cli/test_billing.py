"""faktura billing interim and collective invoices, as an operator uses them (F021, F053)."""

import json

import pytest
from tests.unit.cli.test_master_data import CATALOGUE, CONTRACTS, CUSTOMERS, shown


@pytest.fixture
def company(shell, tmp_path):
    """The shell, with a tenant, one customer and two active contracts, due on 1 September 2026."""
    second = {**json.loads(CONTRACTS)[0], "internalIdentifier": "crm-2"}
    contracts = json.dumps([*json.loads(CONTRACTS), second])
    for name, text in (("c.json", CATALOGUE), ("k.csv", CUSTOMERS), ("v.json", contracts)):
        (tmp_path / name).write_text(text)
    shell("db", "init")
    shell(
        "tenants", "create", "nordlicht", "--name", "Nordlicht GmbH", "--street", "Kai 7",
        "--zip", "20457", "--city", "Hamburg", "--vat-id", "DE123456788",
        "--iban", "DE02120300000000202051",
    )  # fmt: skip
    shell("catalogue", "import", "c.json")
    shell("customers", "import", "k.csv")
    shell("contracts", "import", "v.json")
    shell("contracts", "activate", "V-000001", "V-000002")
    return shell


INTERIM = ("billing", "interim", "V-000001", "--date", "2026-09-01")


def test_interim_billing_shows_first_and_bills_then(company):
    """F021: 30.00 + 19 % = 35.70, the next one on 1 October; asked again there is nothing."""
    seen = shown(company, *INTERIM, "--dry-run")
    done = shown(company, *INTERIM)
    again = shown(company, *INTERIM)

    assert (seen["dryRun"], done["dryRun"]) == (True, False)
    (draft,), (invoice,) = seen["invoices"], done["invoices"]
    assert invoice == {"number": "RE-000001", **draft}
    assert (invoice["gross"], done["nothingDue"], done["nextDueOn"]) == (
        "35.70",
        False,
        "2026-10-01",
    )
    assert (again["nothingDue"], again["invoices"]) == (True, [])


def test_interim_billing_says_what_it_did_in_words(company):
    """The invoice, or that there is none, and why; then when the contract is due."""
    done = company(*INTERIM).output
    again = company(*INTERIM).output

    assert "RE-000001: 35.70 EUR due 2026-09-15" in done
    assert done.endswith("Next due on 2026-10-01.\n")
    assert again == "Nothing is due on contract V-000001.\nNext due on 2026-10-01.\n"


def test_a_started_run_waits_for_a_worker(company):
    """Nothing is issued by the command; the worker bills both contracts on their first day."""
    planned = shown(company, "billing", "start", "--date", "2026-09-01")
    before = shown(company, "invoices", "list")
    company("worker", "--until-idle")

    assert (planned["date"], planned["contracts_due"], before) == ("2026-09-01", 2, [])
    assert len(shown(company, "invoices", "list")) == 2


def test_what_comes_to_no_amount_is_no_invoice(company, tmp_path):
    """P17: billed all the same."""
    free = json.loads(CONTRACTS)[0]
    free["subscriptions"][0]["items"][0]["discount"] = {"percent": "100"}
    (tmp_path / "free.json").write_text(json.dumps([free]))
    company("contracts", "import", "free.json")
    company("contracts", "activate", "V-000003")

    told = company("billing", "interim", "V-000003", "--date", "2026-09-01").output

    assert told == (
        "What is due comes to no amount on contract V-000003.\nNext due on 2026-10-01.\n"
    )


def test_a_contract_shows_whether_something_waits_to_be_billed(company, tmp_path):
    """F021: of 2022 everything is due by now; of a draft nothing is."""
    old = json.loads(CONTRACTS)[0] | {"start": "2022-01-01"}
    old["subscriptions"][0]["items"][0]["billedUntil"] = "2022-02-01"
    (tmp_path / "old.json").write_text(json.dumps([old]))
    company("contracts", "import", "old.json")

    draft = shown(company, "contracts", "show", "V-000003")["unbilledServices"]
    company("contracts", "activate", "V-000003")
    active = shown(company, "contracts", "show", "V-000003")["unbilledServices"]

    assert (draft, active) == (False, True)


def test_collective_invoices_are_switched_on_and_off(company):
    """F053: two contracts on one invoice of 71.40, named together; switched off there are two."""
    on = company("tenants", "collective-invoices", "on").output
    words = company("billing", "run", "--date", "2026-09-01", "--dry-run").output
    company("billing", "run", "--date", "2026-09-01")
    document = shown(company, "invoices", "show", "RE-000001")
    off = company("tenants", "collective-invoices", "off").output
    apart = shown(company, "billing", "run", "--date", "2026-10-01", "--dry-run")

    assert on == "Collective invoices are on from the next run on.\n"
    assert "V-000001, V-000002" in words
    assert (document["gross"], document["contract"]) == ("71.40", "V-000001, V-000002")
    assert off == "Collective invoices are off from the next run on.\n"
    assert [row["contractNumber"] for row in apart] == ["V-000001", "V-000002"]


def test_a_draft_of_a_collective_invoice_names_all_its_contracts(company, tmp_path):
    """F044: nothing to transfer to is recorded."""
    company("tenants", "collective-invoices", "on")
    tenant = shown(company, "tenants", "show")
    tenant["seller"]["iban"] = ""
    (tmp_path / "t.json").write_text(json.dumps(tenant))
    company("tenants", "update", "t.json")
    company("billing", "run", "--date", "2026-09-01")

    assert "V-000001, V-000002" in company("billing", "drafts").output
