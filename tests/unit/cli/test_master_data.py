"""faktura catalogue, customers and contracts: first use, from empty files to contracts that are due."""

import json

import pytest

from faktura.cli.errors import report
from faktura.kernel.errors import FileUnreadable, NotFound, TransitionRefused
from faktura.services.imports.findings import ImportRefused

CATALOGUE = """{
  "projects": [{"key": "cloud", "name": "Cloud"}],
  "taxGroups": [
    {"key": "full", "case": "STANDARD", "rates": [{"validFrom": "2021-01-01", "rate": "19"}]}
  ],
  "productGroups": [
    {"key": "hosting", "name": "Hosting", "taxGroup": "full"},
    {"key": "work", "name": "Work", "taxGroup": "full"}
  ],
  "articles": [
    {"articleNumber": "WEB-M", "name": "Web hosting", "productGroup": "hosting", "unit": "MONTH",
     "supply": "SERVICE", "recurring": true, "prices": [{"unitPrice": "30"}]},
    {"articleNumber": "SETUP", "name": "Setting up", "productGroup": "work", "unit": "HOUR",
     "supply": "SERVICE", "prices": [{"unitPrice": "95"}]}
  ]
}"""
CUSTOMERS = (
    "name;isBusiness;billingAddress.street;billingAddress.zipCode;billingAddress.city;"
    "billingAddress.country\nAnna Beck;false;Lindenweg 4;24103;Kiel;DE\n"
)
CONTRACTS = """[{
  "customerNumber": "K-000001", "start": "2026-01-01", "billingInterval": {"unit": "MONTH"},
  "internalIdentifier": "crm-1",
  "subscriptions": [
    {"items": [{"articleNumber": "WEB-M", "quantity": "1", "billedUntil": "2026-09-01"}]}
  ]
}]"""


@pytest.fixture
def company(shell, tmp_path):
    """The shell, with a tenant and three files to import."""
    (tmp_path / "catalogue.json").write_text(CATALOGUE)
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    (tmp_path / "contracts.json").write_text(CONTRACTS)
    shell("db", "init")
    shell(
        "tenants", "create", "nordlicht", "--name", "Nordlicht GmbH", "--street", "Kai 7",
        "--zip", "20457", "--city", "Hamburg", "--vat-id", "DE123456788",
        "--iban", "DE02120300000000202051",
    )  # fmt: skip
    return shell


@pytest.fixture
def filled(company):
    """The shell, after all three imports."""
    assert company("catalogue", "import", "catalogue.json").exit_code == 0
    assert company("customers", "import", "customers.csv").exit_code == 0
    assert company("contracts", "import", "contracts.json").exit_code == 0
    return company


def shown(shell, *arguments: str):
    """What a command prints as JSON."""
    done = shell(*arguments, "--json")
    assert done.exception is None, done.exception
    return json.loads(done.output)


def test_each_import_says_what_it_did(company):
    """The three commands of the first use, in their order."""
    catalogue = shown(company, "catalogue", "import", "catalogue.json")
    customers = company("customers", "import", "customers.csv")
    contracts = company("contracts", "import", "contracts.json")

    assert catalogue == {
        "projects": 1, "taxGroups": 1, "productGroups": 2, "articles": 2, "dryRun": False,
    }  # fmt: skip
    assert customers.output == "1 customers are imported.\n"
    assert contracts.output == "1 contracts are imported.\n"


def test_a_dry_run_writes_nothing(company):
    """The answer is the import's, the trace is none."""
    rehearsed = company("catalogue", "import", "catalogue.json", "--dry-run")
    company("catalogue", "import", "catalogue.json")
    customers = shown(company, "customers", "import", "customers.csv", "--dry-run")
    words = company("customers", "import", "customers.csv", "--dry-run")
    company("customers", "import", "customers.csv")
    contracts = shown(company, "contracts", "import", "contracts.json", "--dry-run")
    again = company("contracts", "import", "contracts.json", "--dry-run")

    assert rehearsed.output.endswith("Nothing was written.\n")
    assert customers == {"dryRun": True, "customerNumbers": ["K-000001"]}
    assert words.output == "1 customers would be imported; nothing was written.\n"
    assert contracts == {"dryRun": True, "contractNumbers": ["V-000001"]}
    assert again.output == "1 contracts would be imported; nothing was written.\n"


def test_all_errors_of_a_file_are_printed(company, tmp_path, capsys):
    """The head says how many, then each stands on a line of its own; JSON has them as parts."""
    (tmp_path / "bad.csv").write_text("name;isBusiness;billingAddress.country\n;vielleicht;XX\n")

    refused = company("customers", "import", "bad.csv").exception

    assert isinstance(refused, ImportRefused)
    report(refused, as_json=False)
    assert capsys.readouterr().err.splitlines() == [
        "error: bad.csv: 3 errors, nothing was imported",
        "       Mend the file, import again",
        "  bad.csv, line 2, name: the field is missing. Give it",
        "  bad.csv, line 2, isBusiness: “vielleicht” is not true or false. Write true or false",
        (
            "  bad.csv, line 2, billingAddress.country: “XX” is not a country. "
            "Use two letters of ISO 3166 such as DE; Greece is GR"
        ),
    ]
    report(refused, as_json=True)
    said = json.loads(capsys.readouterr().err)["error"]
    assert said["code"] == "import_refused"
    assert [part["code"] for part in said["parts"]] == [
        "field_missing",
        "field_invalid",
        "field_invalid",
    ]


def test_customers_are_changed_and_prices_added(filled, tmp_path):
    """What was imported can be corrected without a new customer or article."""
    (tmp_path / "moved.csv").write_text(
        "customerNumber;name;isBusiness;billingAddress.country\nK-000001;Anna Holm;nein;AT\n"
    )
    (tmp_path / "prices.json").write_text(
        '[{"articleNumber": "WEB-M", "prices": [{"unitPrice": "33", "validFrom": "2027-01-01"}]}]'
    )

    rehearsed = shown(filled, "customers", "update", "moved.csv", "--dry-run")
    would = filled("customers", "update", "moved.csv", "--dry-run")
    changed = filled("customers", "update", "moved.csv")
    tried = filled("catalogue", "prices", "prices.json", "--dry-run")
    added = shown(filled, "catalogue", "prices", "prices.json")

    assert rehearsed == {"dryRun": True, "customerNumbers": ["K-000001"]}
    assert would.output == "1 customers would be changed; nothing was written.\n"
    assert changed.output == "1 customers are changed.\n"
    assert tried.output.endswith("Nothing was written.\n")
    assert added == {"articles": 1, "prices": 1, "dryRun": False}
    (customer,) = shown(filled, "customers", "list")
    assert (customer["name"], customer["country"]) == ("Anna Holm", "AT")
    articles = {row["articleNumber"]: row for row in shown(filled, "catalogue", "list")}
    assert articles["WEB-M"]["prices"] == ["30 EUR", "33 EUR"]


def test_a_file_that_cannot_be_opened_is_named(company, tmp_path):
    """The operating system's own words, with the file."""
    unreadable = tmp_path / "customers.csv"
    unreadable.unlink()
    unreadable.symlink_to("/proc/self/mem")

    refused = company("customers", "import", "customers.csv").exception

    assert isinstance(refused, FileUnreadable)
    assert refused.place == "customers.csv"


def test_articles_are_listed_by_product_group(filled):
    """F049: article tables filter by product group."""
    everything = shown(filled, "catalogue", "list")
    work = shown(filled, "catalogue", "list", "--product-group", "work")

    assert [row["articleNumber"] for row in everything] == ["SETUP", "WEB-M"]
    assert work == [
        {
            "articleNumber": "SETUP",
            "name": "Setting up",
            "unit": "HOUR",
            "productGroup": "work",
            "taxGroup": "full",
            "recurring": False,
            "prices": ["95 EUR"],
        }
    ]


def test_customers_are_listed_and_shown(filled):
    """The list, and one with an account that has no transactions yet."""
    (row,) = shown(filled, "customers", "list")
    one = shown(filled, "customers", "show", "K-000001")
    words = filled("customers", "show", "K-000001", "--order", "value").output

    assert (row["customerNumber"], row["name"], row["debtorAccount"]) == (
        "K-000001",
        "Anna Beck",
        "10000",
    )
    assert one == {
        **row,
        "documentFormat": None,
        "effectiveFormat": None,
        "formatChosenBy": None,
        "accounts": [],
    }
    assert "Lindenweg 4" in words


def test_an_account_is_shown_in_both_orders(filled):
    """F090, F091: one invoice, 35.70, in either order."""
    filled("contracts", "activate", "V-000001")
    filled("billing", "run", "--date", "2026-09-01")

    recorded = shown(filled, "customers", "show", "K-000001")["accounts"]
    by_value = shown(filled, "customers", "show", "K-000001", "--order", "value")["accounts"]
    words = filled("customers", "show", "K-000001").output

    (account,) = recorded
    assert (account["currency"], account["balance"]) == ("EUR", "35.70")
    (row,) = account["transactions"]
    assert (row["valueDate"], row["amount"], row["balance"]) == ("2026-09-01", "35.70", "35.70")
    assert row["recordedAt"]
    assert by_value == recorded
    assert "Balance 35.70 EUR" in words
    assert "Rechnung RE-000001" in words


def test_contracts_are_found_and_shown(filled):
    """F018, and what decides about the next invoice."""
    (row,) = shown(filled, "contracts", "list", "--internal-identifier", "crm-1")
    nobody = shown(filled, "contracts", "list", "--internal-identifier", "crm-2")
    by_customer = shown(filled, "contracts", "list", "--customer", "K-000001")
    one = shown(filled, "contracts", "show", "V-000001")
    words = filled("contracts", "show", "V-000001").output
    empty = filled("contracts", "list", "--internal-identifier", "crm-2").output

    assert (row["contractNumber"], row["state"], row["nextDueOn"]) == ("V-000001", "DRAFT", None)
    assert row["invoiceNotBefore"] is None
    assert nobody == []
    assert by_customer == [row]
    assert one == {
        **row,
        "quarantine": None,
        "subscriptions": [
            {
                "no": 1,
                "state": "RUNNING",
                "termStart": "2026-01-01",
                "minimumTerm": None,
                "notice": None,
                "renewal": "INDEFINITE",
                "renewalTerm": None,
                "termEnd": None,
                # The day after the real today: see tests/services/contracts for a fixed one.
                "earliestEnd": one["subscriptions"][0]["earliestEnd"],
                "terminatedAsOf": None,
                "paymentStart": None,
                "pauses": [],
            }
        ],
        "items": [
            {
                "subscription": 1,
                "discount": None,
                "specialPrices": [],
                "costs": [],
                "itemId": one["items"][0]["itemId"],
                "articleNumber": "WEB-M",
                "name": "Web hosting",
                "unit": "MONTH",
                "quantity": "1",
                "from": "2026-01-01",
                "until": None,
                "billedUntil": "2026-09-01",
            }
        ],
        "discounts": [],
        "waitingActivities": 0,
    }
    assert "Web hosting" in words
    assert empty == "No contracts.\n"


def test_a_contract_is_activated_billed_and_its_activities_listed(filled):
    """F010, F040, F058, F059 on the command line.

    30.00 + 19 % = 35.70; 2 x 95.00 less 10 % = 171.00, gross 203.49; 50.00 gross 59.50.
    """
    activated = filled("contracts", "activate", "V-000001")
    recorded = shown(
        filled, "contracts", "add-activity", "V-000001", "--article", "SETUP", "--quantity", "2",
        "--from", "2026-09-10", "--discount-percent", "10", "--text", "Umzug", "--manual",
    )  # fmt: skip
    words = filled(
        "contracts", "add-activity", "V-000001", "--article", "SETUP", "--origin", "USAGE",
        "--quantity", "1", "--from", "2026-09-10", "--until", "2026-09-12", "--price", "50",
        "--invoice-on", "2026-12-01",
    )  # fmt: skip

    due = shown(filled, "contracts", "activities", "V-000001", "--date", "2026-09-01")
    usage = shown(filled, "contracts", "activities", "V-000001", "--origin", "USAGE")

    assert activated.output == "Active: V-000001.\n"
    assert recorded["contractNumber"] == "V-000001"
    assert words.output == "Recorded on V-000001: 1 x Setting up.\n"
    assert [
        (row["state"], row["origin"], row["from"], row["to"], row["reservedGross"]) for row in due
    ] == [
        ("BILLED", "MIGRATION", "2026-01-01", "2026-08-31", None),
        ("DUE", "SUBSCRIPTION", "2026-09-01", "2026-09-30", "35.70"),
        ("WAITING", "ONE_OFF", "2026-09-10", "2026-09-10", "203.49"),
        ("WAITING", "USAGE", "2026-09-10", "2026-09-11", "59.50"),
    ]
    assert [row["reservedGross"] for row in usage] == ["59.50"]


def test_a_contract_shows_why_it_was_not_billed(company, tmp_path):
    """O19: problem and advice stand with the contract."""
    (tmp_path / "customers.csv").write_text(
        "name;isBusiness;billingAddress.country\nAnna Beck;false;DE\n"
    )
    for kind, file in (
        ("catalogue", "catalogue.json"),
        ("customers", "customers.csv"),
        ("contracts", "contracts.json"),
    ):
        company(kind, "import", file)
    company("contracts", "activate", "V-000001")
    company("billing", "run", "--date", "2026-09-01")

    reason = shown(company, "contracts", "show", "V-000001")["quarantine"]

    assert "customer.billingAddress.street" in reason
    assert reason.endswith("Fill these fields; the next run issues the invoice")


def test_a_draft_is_voided_and_cannot_be_activated(filled):
    """F012; an unknown number is named."""
    voided = filled("contracts", "void", "V-000001")
    refused = filled("contracts", "activate", "V-000001").exception
    unknown = filled("contracts", "void", "V-9").exception

    assert voided.output == "Voided: V-000001.\n"
    assert isinstance(refused, TransitionRefused)
    assert isinstance(unknown, NotFound)
