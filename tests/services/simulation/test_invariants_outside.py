"""Invariants between our books and those outside: broken once each, in either of them, and seen."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from tests.services.company import opened
from tests.services.simulation.evening import (
    ATTEMPT,
    EVENING,
    Evening,
    charge,
    opened_books,
)

from faktura.kernel.money import Money
from faktura.testing.simulation.outside import (
    BankBooking,
    ChargeState,
    ProviderRefund,
    TakenBatch,
    TakenDelivery,
)


@pytest.fixture(scope="module")
def evening(tmp_path_factory) -> Iterator[Evening]:
    """The books, written once: what tests change in them is rolled back."""
    folder = tmp_path_factory.mktemp("evening")
    database = opened(f"sqlite:///{folder}/books.db")
    yield opened_books(database, folder / "content")
    database.close()


def test_an_invoice_that_the_psp_charged_twice_is_seen(evening):
    """CHARGED_AT_MOST_ONCE: 71.40 were charged for it twice; once given back, it is none."""
    day = evening.day()
    books = day.outside.psp
    books.charges["ch_1"] = charge("RE-000001", 7140)
    books.charges["ch_2"] = replace(charge("RE-000001", 7140), reference="ch_2")
    twice = evening.said(day=day)
    books.refunds["re_1"] = ProviderRefund(
        "re_1", "key-9", "ch_2", "RE-000001", Money(7140, "EUR"), EVENING
    )
    given_back = evening.said(day=day)

    assert ("CHARGED_AT_MOST_ONCE", "document RE-000001") in twice
    assert ("CHARGED_AT_MOST_ONCE", "document RE-000001") not in given_back


def test_a_request_that_no_sound_caller_makes_is_seen(evening):
    """CHARGED_AT_MOST_ONCE: the PSP notes keys that are used again for something else."""
    day = evening.day()
    day.outside.psp.breaches.append("key-1 asks for something else the second time")

    assert evening.said(day=day) == {("CHARGED_AT_MOST_ONCE", "PSP")}


def _attempt(state: str, minor: int = 7140) -> str:
    return (
        "INSERT INTO payment_attempt (tenant_id, id, document_id, customer_id, instance, method,"
        " channel, currency, amount, state, request, due_on, tries, looks, created_at, changes)"
        f" SELECT tenant_id, x'{ATTEMPT.hex}', id, customer_id, 'psp', 'CARD', 'BACKGROUND', 'EUR',"
        f" {minor}, '{state}', '{{}}', '2026-11-01', 1, 0, 0, 0 FROM document"
        " WHERE number = 'RE-000001'"
    )


@pytest.mark.parametrize(
    ("there", "here", "is_sound"),
    [
        (ChargeState.TAKEN, "SUCCEEDED", True),
        (ChargeState.TAKEN, "UNKNOWN", True),
        (ChargeState.TAKEN, "FAILED", False),
        (ChargeState.TAKEN, "CANCELLED", False),
        (ChargeState.PENDING, "PENDING", True),
        (ChargeState.PENDING, "SUCCEEDED", False),
        (ChargeState.PENDING, "FAILED", False),
        (ChargeState.DECLINED, "FAILED", True),
        (ChargeState.DECLINED, "SENT", True),
        (ChargeState.DECLINED, "SUCCEEDED", False),
    ],
)
def test_what_the_psp_took_is_booked_or_waits(evening, there, here, is_sound):
    """PROVIDER_AGREES: only an unknown or pending attempt may say less than the PSP."""
    day = evening.day()
    day.outside.psp.charges["ch_1"] = charge("RE-000001", 7140, there)

    found = evening.said(_attempt(here), day=day)

    assert (("PROVIDER_AGREES", "charge ch_1 for RE-000001") in found) is not is_sound


@pytest.mark.parametrize("minor", [7139, 7141])
def test_a_charge_over_another_amount_is_seen(evening, minor):
    """PROVIDER_AGREES: to the cent; so is one that we know nothing of."""
    day = evening.day()
    day.outside.psp.charges["ch_1"] = charge("RE-000001", 7140)
    place = ("PROVIDER_AGREES", "charge ch_1 for RE-000001")

    assert place in evening.said(_attempt("SUCCEEDED", minor), day=day)
    assert place in evening.said(day=day)


def test_what_is_booked_of_a_charge_is_what_was_taken(evening):
    """PROVIDER_AGREES: 30.00 are booked in the name of an attempt of which 71.40 were taken."""
    day = evening.day()
    day.outside.psp.charges["ch_1"] = charge("RE-000001", 7140)
    named = (
        f"UPDATE account_transaction SET source = 'pay:attempt:{ATTEMPT.hex}'"
        " WHERE no = 3 AND amount = -3000 AND customer_id ="
        " (SELECT customer_id FROM document WHERE number = 'RE-000001')"
    )

    found = evening.said(_attempt("SUCCEEDED"), named, day=day)

    assert ("PROVIDER_AGREES", f"payment_attempt {ATTEMPT}") in found


def test_a_bank_balance_that_is_not_its_bookings_is_seen(evening):
    """BANK_AGREES: of the bank's own book, and of what it told us and we do not know."""
    wrong, told = evening.day(), evening.day()
    wrong.outside.bank.balance = Money(1, "EUR")
    booking = BankBooking(1, date(2026, 11, 2), Money(500, "EUR"), "RE-000001")
    told.outside.bank.bookings.append(booking)
    told.outside.bank.balance = Money(500, "EUR")
    untold = evening.said(day=told)
    told.outside.bank.told = 1
    place = ("BANK_AGREES", "bank account DE02120300000000202051")

    assert evening.said(day=wrong) == {place}
    assert untold == set()
    assert evening.said(day=told) == {place}


def test_a_movement_that_is_booked_twice_is_seen(evening):
    """MOVEMENT_BOOKED_ONCE: 30.00 and 41.40 are booked of a movement of 30.00."""
    movement = UUID(int=5)
    known = (
        "INSERT INTO bank_transaction (tenant_id, id, bank_account_id, statement_id, dedup_key,"
        " booked_on, value_on, amount, currency, counterparty, state, data, imported_at)"
        f" VALUES (1, x'{movement.hex}', x'00', x'00', x'00', '2026-10-20', '2026-10-20', 3000,"
        " 'EUR', '', 'BOOKED', '{}', 0)"
    )
    first = (
        f"UPDATE account_transaction SET source = 'pay:{movement}' WHERE amount = -3000"
        f" AND customer_id = (SELECT customer_id FROM document WHERE number = 'RE-000001')"
    )
    again = first.replace("amount = -3000", "amount = -4140").replace(
        str(movement), f"{movement}:again1"
    )
    place = ("MOVEMENT_BOOKED_ONCE", f"movement {movement}")

    assert place not in evening.said(known, first)
    assert place in evening.said(known, first, again)
    assert place in evening.said(first)


MAIL = UUID(int=6)
_MAIL = (
    "INSERT INTO mail (tenant_id, id, fact, use, lane, place, state, given, attempts, due_at,"
    f" created_at, sent_at) VALUES (1, x'{MAIL.hex}', 'event:1', 'INVOICE', '', 1, 'SENT', '{{}}',"
    " 1, 0, 0, 0)"
)


def test_a_mail_that_the_server_accepted_twice_is_seen(evening):
    """MAILED_AT_MOST_ONCE: unless its yes was lost, and a person had it sent again."""
    place = {("MAILED_AT_MOST_ONCE", f"mail {MAIL}")}
    day = evening.day()
    unsent = evening.said(_MAIL, day=day)
    day.outside.mail.accepted[str(MAIL)] = 1
    once, unwritten = evening.said(_MAIL, day=day), evening.said(day=day)
    day.outside.mail.accepted[str(MAIL)] = 2
    twice = evening.said(_MAIL, day=day)
    day.outside.mail.unanswered.add(str(MAIL))
    excepted = evening.said(_MAIL, day=day)

    assert unsent == place
    assert once == set()
    assert unwritten == place
    assert twice == place
    assert excepted == set()


OBJECT = UUID(int=2**70)


def _delivery(no: int, sequence: int, state: str = "DELIVERED") -> tuple[str, ...]:
    return (
        (
            "INSERT INTO event (tenant_id, object_id, sequence, object_type, type, occurred_at, data,"
            f" content_hash, seal_seq) VALUES (1, x'{OBJECT.hex}', {sequence}, 'thing', 'ITEM_CHANGED',"
            " 0, '{}', x'00', 950)"
        ),
        (
            "INSERT INTO delivery (tenant_id, id, object_id, sequence, subscriber, state, attempts,"
            f" seal_seq) VALUES (1, x'{UUID(int=no).hex}', x'{OBJECT.hex}', {sequence}, 'listener',"
            f" '{state}', 1, 950)"
        ),
    )


def _taken(no: int, sequence: int) -> TakenDelivery:
    return TakenDelivery(str(UUID(int=no)), "ITEM_CHANGED", OBJECT, sequence)


def test_facts_out_of_order_or_lost_are_seen(evening):
    """FACTS_DELIVERED_IN_ORDER: again is allowed, before its predecessor, never or unknown is not."""
    rows = (*_delivery(101, 1), *_delivery(102, 2))
    waiting = (*_delivery(101, 1), *_delivery(102, 2, "PENDING"))

    def said(*taken: TakenDelivery, changes: tuple[str, ...] = rows) -> list[str]:
        day = evening.day()
        day.outside.subscriber.taken += taken
        return sorted(place for _, place in evening.said(*changes, day=day))

    one, two = _taken(101, 1), _taken(102, 2)
    assert said(one, two) == []
    assert said(one, one, two, one) == []
    assert said(two, one) == [f"fact 1 of {OBJECT}"]
    assert said(one) == ["subscriber listener"]
    assert said(one, two, _taken(103, 3)) == [f"fact 3 of {OBJECT}"]
    assert said(one, changes=waiting) == [f"fact 2 of {OBJECT}"]


def test_an_entry_that_went_out_twice_or_otherwise_is_seen(evening):
    """EXPORTED_ONCE: inv:RE-000001 is 71.40 at 10001, 60.00 and 11.40 of tax."""
    rows = [
        ("inv:RE-000001", "10001", "D", Money(7140, "EUR")),
        ("inv:RE-000001", "8400", "C", Money(6000, "EUR")),
        ("inv:RE-000001", "1776", "C", Money(1140, "EUR")),
    ]
    day = date(2026, 11, 1)

    def said(*batches: TakenBatch) -> set[tuple[str, str]]:
        evening_of = evening.day()
        evening_of.outside.datev.batches += batches
        found: set[tuple[str, str]] = evening.said(day=evening_of)
        return found

    assert said(TakenBatch(1, day, rows)) == set()
    assert said(TakenBatch(1, day, rows), TakenBatch(2, day, rows)) == {
        ("EXPORTED_ONCE", "entry inv:RE-000001 in batch 2")
    }
    assert said(TakenBatch(1, day, rows[:2])) == {
        ("EXPORTED_ONCE", "entry inv:RE-000001 in batch 1")
    }
