"""faktura deposits and faktura invoices final: from the request to the final invoice (F061)."""

import pytest
from tests.unit.cli.test_master_data import company, filled, shown

from faktura.kernel.errors import FieldInvalid, TransitionRefused

__all__ = ["company", "filled"]

CONTRACT = "V-000001"


@pytest.fixture
def ordered(filled):
    """The shell; the contract is active."""
    assert filled("contracts", "activate", CONTRACT).exit_code == 0
    return filled


def test_a_deposit_is_asked_for_and_listed(ordered):
    """200.00 of the article and 19 % of it; 119.00 with VAT in it."""
    net = ordered("deposits", "request", CONTRACT, "--net", "SETUP", "200", "--text", "Anzahlung")
    gross = shown(
        ordered, "deposits", "request", CONTRACT, "--gross", "SETUP", "119",
        "--date", "2026-11-02", "--from", "2026-12-01", "--until", "2026-12-03",
    )  # fmt: skip

    assert net.output == "Issued: RE-000001, 200.00 EUR + 38.00 EUR VAT = 238.00 EUR.\n"
    assert gross == {
        "number": "RE-000002",
        "net": "100.00",
        "vat": "19.00",
        "gross": "119.00",
        "currency": "EUR",
    }
    found = shown(ordered, "deposits", "list", CONTRACT)
    assert [(one["number"], one["state"], one["paid"], one["deductedBy"]) for one in found] == [
        ("RE-000001", "OPEN", "0.00", None),
        ("RE-000002", "OPEN", "0.00", None),
    ]
    assert "RE-000002" in ordered("deposits", "list", CONTRACT).output


def test_a_final_invoice_is_issued_for_positions_or_what_waits(ordered):
    """Two hours at 95.00 of a position; then one hour that waits."""
    first = ordered("invoices", "final", CONTRACT, "--position", "SETUP", "2", "95")
    add = ("contracts", "add-activity", CONTRACT, "--article", "SETUP", "--quantity", "1")
    assert ordered(*add, "--from", "2026-10-01").exit_code == 0
    second = shown(ordered, "invoices", "final", CONTRACT, "--without-deposits")

    assert first.output == "Issued: RE-000001, 226.10 EUR: 226.10 EUR are due.\n"
    assert second == {
        "number": "RE-000002",
        "gross": "113.05",
        "currency": "EUR",
        "deposits": [],
        "due": "113.05",
    }


def test_what_cannot_be_issued_is_named(ordered):
    """An unpaid deposit; credit that is not there; both kinds of amounts at once."""
    ordered("deposits", "request", CONTRACT, "--net", "SETUP", "200")
    position = ("--position", "SETUP", "9", "95")

    unpaid = ordered("invoices", "final", CONTRACT, *position, "--deposit", "RE-000001")
    receipt = ("--amount", "10", "--article", "SETUP", "--received-on", "2026-10-20")
    missing = ordered("deposits", "from-receipt", CONTRACT, *receipt)
    both = ("--net", "SETUP", "1", "--gross", "SETUP", "1")
    mixed = ordered("deposits", "request", CONTRACT, *both)

    assert [type(done.exception) for done in (unpaid, missing, mixed)] == [
        TransitionRefused,
        TransitionRefused,
        FieldInvalid,
    ]


def test_a_cancelled_deposit_is_listed_as_such(ordered):
    """F061, F064: nothing is left of it."""
    none = ordered("deposits", "list", CONTRACT)
    ordered("deposits", "request", CONTRACT, "--net", "SETUP", "200")
    cancelled = ordered("invoices", "cancel", "RE-000001")

    (one,) = shown(ordered, "deposits", "list", CONTRACT)

    assert none.output == "No deposits.\n"
    assert cancelled.output == (
        "RK-000001 (CANCELLATION) over -238.00 EUR corrects RE-000001.\n"
        "Set off: 238.00 EUR against RE-000001; nothing is left of it.\n"
        "The deposit is asked for no more.\n"
    )
    assert (one["state"], one["paid"]) == ("CANCELLED", "0.00")
