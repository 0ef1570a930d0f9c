"""The next invoice date moved by hand, with its reason, and the history that keeps it (F036)."""

from datetime import date

import pytest
from tests.services.bookings.booked import act, contract, due, last_event
from tests.services.imports.conftest import House

from faktura.kernel.contract_terms import InvoiceDateReason
from faktura.kernel.errors import FieldMissing, NotFound, OutOfRange, TransitionRefused
from faktura.services.contract_history import contract_history
from faktura.services.contracts import void_contract
from faktura.services.invoice_dates import InvoiceDateMove, move_invoice_date
from faktura.store.contracts import read_contract

TODAY = date(2026, 10, 31)
NOVEMBER = date(2026, 11, 15)


@pytest.fixture
def booked(peopled):
    """V-1, due since 1 October."""
    peopled.take("contracts", [contract(activities=[])])
    return peopled


def move(house: House, day: date | None, text: str = "Umzug", **kwargs: object) -> None:
    """Move the next invoice of V-1."""
    wanted = InvoiceDateMove(day, InvoiceDateReason.INDIVIDUAL, text)
    act(house, move_invoice_date, "V-1", wanted, TODAY, **kwargs)


def test_nothing_is_billed_before_the_day(booked):
    """October, November: both on 15 November, each on its own invoice."""
    move(booked, NOVEMBER)

    assert due(booked) == "2026-11-15"
    assert booked.bill(date(2026, 11, 14)).totals.documents == 0
    assert booked.bill(NOVEMBER).totals.documents == 2
    assert due(booked) == "2026-12-01"


def test_the_move_is_told_with_old_and_new_day(booked):
    move(booked, NOVEMBER)
    move(booked, date(2026, 12, 24), text=" Zweiter Umzug ")

    told = last_event(booked)
    assert told.type == "CONTRACT_INVOICE_DATE_MOVED"
    assert told.data == {
        "number": "V-1",
        "customerNumber": "K-1",
        "old": "2026-11-15",
        "new": "2026-12-24",
        "reason": "INDIVIDUAL",
        "text": "Zweiter Umzug",
    }


def test_null_lifts_the_day(booked):
    move(booked, NOVEMBER)
    move(booked, None, text="doch nicht")

    assert booked.read(read_contract, "V-1").invoice_not_before is None
    assert due(booked) == "2026-10-01"
    with pytest.raises(TransitionRefused, match="F036"):
        move(booked, None)


def test_without_a_text_nothing_is_moved(booked):
    with pytest.raises(FieldMissing) as refused:
        move(booked, NOVEMBER, text="  ")

    assert refused.value.place == "text"


def test_an_invoice_is_not_brought_forward(booked):
    """Billed for October, it is due on 1 November: neither the past nor today."""
    booked.bill(TODAY)

    with pytest.raises(OutOfRange, match="before today"):
        move(booked, date(2026, 10, 30))
    with pytest.raises(OutOfRange, match="F036") as refused:
        move(booked, TODAY)

    assert (
        refused.value.mend == "Use 2026-11-01 or later; interim billing brings an invoice forward"
    )


def test_a_day_set_before_does_not_bind_the_next_one(booked):
    """What counts is when it is due by itself, not what was set by hand."""
    move(booked, date(2026, 12, 24))
    move(booked, NOVEMBER)

    assert due(booked) == "2026-11-15"


def test_only_what_is_billed_is_put_off(peopled):
    """No draft, no voided contract, nothing where nothing waits, nothing of others."""
    peopled.take("contracts", [contract(activate=False)])
    with pytest.raises(TransitionRefused, match="DRAFT"):
        move(peopled, NOVEMBER)
    with pytest.raises(NotFound):
        move(peopled, NOVEMBER, projects=[])
    peopled.write(void_contract, "V-1")
    with pytest.raises(TransitionRefused, match="VOIDED"):
        move(peopled, NOVEMBER)
    peopled.take("contracts", [contract("V-2", subscriptions=[], activities=[])])
    wanted = InvoiceDateMove(NOVEMBER, InvoiceDateReason.PAUSE, "x")
    with pytest.raises(TransitionRefused, match="waits to be billed"):
        act(peopled, move_invoice_date, "V-2", wanted, TODAY)


def test_the_history_tells_everything_in_order(booked):
    """Numbered from 1, and read on behind a number."""
    move(booked, NOVEMBER)
    move(booked, None, text="doch nicht")

    told = [(one.sequence, one.type) for one in booked.read(contract_history, "V-1")]
    rest = booked.read(contract_history, "V-1", after=2, limit=1)

    assert told == [
        (1, "CONTRACT_CREATED"),
        (2, "CONTRACT_ACTIVATED"),
        (3, "CONTRACT_INVOICE_DATE_MOVED"),
        (4, "CONTRACT_INVOICE_DATE_MOVED"),
    ]
    assert [(one.sequence, one.data["new"]) for one in rest] == [(3, "2026-11-15")]
    with pytest.raises(NotFound):
        booked.read(contract_history, "V-1", projects=[])
