"""faktura invoices cancel, rebill, correct, set-unpaid, credit, correct-credit (F064-F066)."""

import pytest
from tests.unit.cli.test_master_data import company, filled, shown

from faktura.kernel.errors import Conflict, FinaliseRefused, NotFound

__all__ = ["company", "filled"]

CONTRACT = "V-000001"
PARTNER = (
    "name;isBusiness;billingAddress.street;billingAddress.zipCode;billingAddress.city;"
    "billingAddress.country;euTaxId\nPia Partner GmbH;true;Weg 1;24103;Kiel;DE;DE136695976\n"
)
PARTNER_CONTRACT = """[{"contractNumber": "V-K-000002", "customerNumber": "K-000002",
  "start": "2026-01-01", "kind": "SIMPLE", "billingInterval": {"unit": "MONTH"},
  "activate": true}]"""


@pytest.fixture
def billed(filled):
    """The shell; RE-000001 bills two hours at 95.00: 226.10."""
    assert filled("contracts", "activate", CONTRACT).exit_code == 0
    made = filled("invoices", "final", CONTRACT, "--position", "SETUP", "2", "95")
    assert made.exit_code == 0, made.output
    return filled


def refused(shell, error, said, *words: str) -> None:
    """The command ends with this error."""
    found = shell("invoices", *words).exception
    assert isinstance(found, error)
    assert said in str(found)


def test_a_correction_takes_parts_back(billed):
    """One of two hours, then 10 % of the line, then 5.00, then what is left."""
    grosses = []
    for part in (
        ("--quantity", "1", "1"),
        ("--percent", "1", "10"),
        ("--amount", "1", "5"),
        ("--line", "1"),
    ):
        (made,) = shown(billed, "invoices", "correct", "RE-000001", "--reason", "Kulanz", *part)
        grosses.append((made["number"], made["kind"], made["gross"]))

    assert grosses == [
        ("RK-000001", "CORRECTION", "-113.05"),
        ("RK-000002", "CORRECTION", "-22.61"),
        ("RK-000003", "CORRECTION", "-5.95"),
        ("RK-000004", "CORRECTION", "-84.49"),
    ]
    bad = billed("invoices", "correct", "RE-000001", "--reason", "x", "--amount", "eins", "1")
    assert "is not a line" in bad.output


def test_an_invoice_is_cancelled_or_refused(billed):
    """F064, F067: a final invoice is cancelled, and made again by its own command."""
    refused(billed, Conflict, "F067", "rebill", "RE-000001")

    (made,) = shown(
        billed, "invoices", "cancel", "RE-000001", "--reason", "Falsch", "--date", "2026-12-01",
        "--give-away",
    )  # fmt: skip

    assert (made["number"], made["kind"], made["gross"]) == ("RK-000001", "CANCELLATION", "-226.10")
    refused(billed, Conflict, "F064", "cancel", "RE-000001")


def test_an_unpaid_document_is_not_set_unpaid(billed):
    """F065."""
    refused(billed, Conflict, "F065", "set-unpaid", "RE-000001", "--reason", "Irrtum")


def test_a_partner_is_credited(billed, tmp_path):
    """F066: the contract must be the partner's, who has a tax number or a VAT id."""
    (tmp_path / "partner.csv").write_text(PARTNER)
    (tmp_path / "partner.json").write_text(PARTNER_CONTRACT)
    assert billed("customers", "import", "partner.csv").exit_code == 0
    assert billed("contracts", "import", "partner.json").exit_code == 0
    position = ("--position", "SETUP", "1", "100", "2026-10-01", "2026-11-01")
    refused(
        billed,
        NotFound,
        "another customer's, not one of K-000001",
        "credit",
        "K-000001",
        "V-K-000002",
        *position,
    )
    refused(billed, FinaliseRefused, "taxNumber", "credit", "K-000001", CONTRACT, *position)

    (made,) = shown(
        billed,
        "invoices",
        "credit",
        "K-000002",
        "V-K-000002",
        *position,
        "--text",
        "Provision",
        "--date",
        "2026-12-01",
    )
    (back,) = shown(
        billed,
        "invoices",
        "correct-credit",
        made["number"],
        "--reason",
        "Doppelt",
        "--date",
        "2026-12-02",
    )

    assert [(one["number"], one["kind"], one["gross"]) for one in (made, back)] == [
        ("RK-000001", "CREDIT_NOTE", "-119.00"),
        ("RK-000002", "CREDIT_NOTE_CORRECTION", "119.00"),
    ]


def test_what_an_act_did_is_said(billed):
    """F064: two hours at 95.00 are 226.10; one of them taken back is 113.05."""
    run = ("billing", "run", "--date", "2026-09-01")
    assert billed(*run).exit_code == 0

    corrected = billed(
        "invoices", "correct", "RE-000001", "--reason", "Kulanz", "--quantity", "1", "1"
    )
    cancelled = billed("invoices", "cancel", "RE-000002")
    again = billed(*run)
    rebilled = billed("invoices", "rebill", "RE-000003")
    given = billed("invoices", "cancel", "RE-000004", "--give-away")

    assert again.exit_code == 0
    assert corrected.output == (
        "RK-000001 (CORRECTION) over -113.05 EUR corrects RE-000001.\n"
        "Set off: 113.05 EUR against RE-000001; nothing is left of it.\n"
        "What it billed stays billed, for less.\n"
    )
    assert cancelled.output == (
        "RK-000002 (CANCELLATION) over -35.70 EUR corrects RE-000002.\n"
        "Set off: 35.70 EUR against RE-000002; nothing is left of it.\n"
        "What it billed waits: the next run bills it again, interim billing what is manual.\n"
    )
    assert rebilled.output == (
        "RK-000003 (CANCELLATION) over -35.70 EUR corrects RE-000003.\n"
        "Set off: 35.70 EUR against RE-000003; nothing is left of it.\n"
        "RE-000004 (INVOICE) over 35.70 EUR is issued; 35.70 EUR of it are open.\n"
    )
    assert given.output.endswith(
        "What it billed counts as billed for nothing: no run bills it again.\n"
    )


def test_a_cancelled_final_invoice_waits_for_another(billed):
    """F064."""
    done = billed("invoices", "cancel", "RE-000001")

    assert done.output.endswith(
        "What it billed waits for another final invoice; interim billing takes it as well.\n"
    )


def test_documents_are_listed_with_kind_and_state(billed):
    """Of RE-000001 113.05 of 226.10 are left; RE-000002 is taken back whole."""
    billed("billing", "run", "--date", "2026-09-01")
    billed("invoices", "correct", "RE-000001", "--reason", "x", "--quantity", "1", "1")
    billed("invoices", "cancel", "RE-000002")

    rows = shown(billed, "invoices", "list")
    still_open = shown(billed, "invoices", "list", "--open")
    of_contract = shown(billed, "invoices", "list", "--contract", CONTRACT)
    of_no_contract = billed("invoices", "list", "--contract", "V-1")

    assert [(one["number"], one["kind"], one["state"], one["open"]) for one in rows] == [
        ("RK-000002", "CANCELLATION", "PAID", "0.00"),
        ("RK-000001", "CORRECTION", "PAID", "0.00"),
        ("RE-000002", "INVOICE", "CANCELLED", "0.00"),
        ("RE-000001", "FINAL", "PARTLY_PAID", "113.05"),
    ]
    assert [one["number"] for one in still_open] == ["RE-000001"]
    assert of_contract == rows
    assert of_no_contract.output == "No documents.\n"
    assert "PARTLY_PAID" in billed("invoices", "list").output


def test_a_document_shows_what_happened_to_it(billed):
    """30.00 less 10 % are 27.00; VAT 5.13; 32.13, all of it taken back."""
    billed("contracts", "discount", CONTRACT, "--percent", "10", "--reason", "Treue")
    billed("billing", "run", "--date", "2026-09-01")
    billed("invoices", "cancel", "RE-000002", "--reason", "Falsch", "--date", "2026-12-01")

    one = shown(billed, "invoices", "show", "RE-000002")
    back = shown(billed, "invoices", "show", "RK-000001")
    words = billed("invoices", "show", "RE-000002").output

    names = ("state", "open", "reason", "corrects", "correctedBy", "replaces", "deducts")
    assert [one[name] for name in names] == ["CANCELLED", "0.00", None, [], ["RK-000001"], [], []]
    assert [back[name] for name in names] == ["PAID", "0.00", "Falsch", ["RE-000002"], [], [], []]
    assert one["payments"] == [
        {
            "no": 1,
            "valueDate": "2026-12-01",
            "fact": "CORRECTION",
            "amount": "32.13",
            "reverses": None,
        }
    ]
    (line,) = one["lines"]
    assert (line["contract"], line["discount"], line["discounts"]) == (
        CONTRACT,
        "3.00",
        [{"amount": "3.00", "reason": "Treue"}],
    )
    assert "3.00 Treue" in words
    assert "Payments" in words
    assert "reason" not in words
    assert "deducts" not in words
