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
    """F066: the contract must be the partner's, and with VAT the partner has a VAT id."""
    (tmp_path / "partner.csv").write_text(PARTNER)
    (tmp_path / "partner.json").write_text(PARTNER_CONTRACT)
    assert billed("customers", "import", "partner.csv").exit_code == 0
    assert billed("contracts", "import", "partner.json").exit_code == 0
    position = ("--position", "SETUP", "1", "100", "2026-10-01", "2026-11-01")
    refused(billed, NotFound, "K-000002", "credit", "K-000001", "V-K-000002", *position)
    refused(billed, FinaliseRefused, "euTaxId", "credit", "K-000001", CONTRACT, *position)

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
