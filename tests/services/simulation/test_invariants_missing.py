"""What did not happen and should have: each is left out once, in our books or outside, and is seen."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from tests.services.company import opened
from tests.services.simulation.evening import ATTEMPT, Evening, charge, opened_books
from tests.services.verify.books import tampering

from faktura.kernel.money import Money
from faktura.testing.simulation.driver import Day
from faktura.testing.simulation.invariants_post import ExportedOnce
from faktura.testing.simulation.outside import (
    BankBooking,
    Chargeback,
    ChargeState,
    TakenBatch,
    TakenDelivery,
)

# The clock of the books stands here; patience with the PSP is ten days, with the others five.
NOW = datetime(2026, 10, 1, 6, tzinfo=UTC)
MOVEMENT, PAID, OBJECT = UUID(int=5), UUID(int=6), UUID(int=2**70)


@pytest.fixture(scope="module")
def evening(tmp_path_factory) -> Iterator[Evening]:
    """The books, written once: what tests change in them is rolled back."""
    folder = tmp_path_factory.mktemp("evening")
    database = opened(f"sqlite:///{folder}/books.db")
    yield opened_books(database, folder / "content")
    database.close()


def test_a_line_that_is_not_quantity_times_price_is_seen(evening):
    """DOCUMENTS_ADD_UP: a cent less, though net, discount and list amount of the line agree."""
    found = evening.said(
        "UPDATE document_line SET list_net = list_net - 1, net = net - 1 WHERE no = 1 AND"
        " document_id = (SELECT id FROM document WHERE number = 'RE-000002')"
    )

    assert ("DOCUMENTS_ADD_UP", "document RE-000002") in found


def _attempt(state: str) -> str:
    return (
        "INSERT INTO payment_attempt (tenant_id, id, document_id, customer_id, instance, method,"
        " channel, currency, amount, state, request, due_on, tries, looks, created_at, changes)"
        f" SELECT tenant_id, x'{ATTEMPT.hex}', id, customer_id, 'psp', 'CARD', 'BACKGROUND', 'EUR',"
        f" 7140, '{state}', '{{}}', '2026-11-01', 1, 0, 0, 0 FROM document"
        " WHERE number = 'RE-000001'"
    )


def _charged(evening: Evening, days: int, state: ChargeState = ChargeState.TAKEN) -> Day:
    day = evening.day()
    at = NOW - timedelta(days=days)
    day.outside.psp.charges["ch_1"] = replace(charge("RE-000001", 7140, state), at=at)
    return day


@pytest.mark.parametrize(
    ("there", "here", "days", "is_sound"),
    [
        (ChargeState.TAKEN, "UNKNOWN", 9, True),
        (ChargeState.TAKEN, "UNKNOWN", 10, False),
        (ChargeState.DECLINED, "SENT", 10, False),
        (ChargeState.PENDING, "PENDING", 30, True),
    ],
)
def test_a_word_of_the_psp_that_never_arrives_is_seen(evening, there, here, days, is_sound):
    """PROVIDER_AGREES: an attempt waits for ten days at most for what its provider knows."""
    found = evening.said(_attempt(here), day=_charged(evening, days, there))

    assert (("PROVIDER_AGREES", "charge ch_1 for RE-000001") in found) is not is_sound


def test_a_charge_that_succeeded_and_is_booked_nowhere_is_seen(evening):
    """PROVIDER_AGREES: the attempt says SUCCEEDED, no account has the 71.40."""
    found = evening.said(_attempt("SUCCEEDED"), day=_charged(evening, 0))

    assert ("PROVIDER_AGREES", f"payment_attempt {ATTEMPT}") in found


@pytest.mark.parametrize(
    ("state", "days", "is_sound"),
    [("SUCCEEDED", 9, True), ("SUCCEEDED", 10, False), ("CHARGED_BACK", 10, True)],
)
def test_a_chargeback_that_we_never_hear_of_is_seen(evening, state, days, is_sound):
    """PROVIDER_AGREES: what the PSP took back ten days ago is charged back here."""
    day = _charged(evening, 40)
    money, fee = Money(7140, "EUR"), Money(1500, "EUR")
    day.outside.psp.chargebacks["dp_1"] = Chargeback(
        "dp_1", "ch_1", "RE-000001", money, fee, NOW - timedelta(days=days)
    )

    found = evening.said(_attempt(state), day=day)

    assert (("PROVIDER_AGREES", "chargeback dp_1 of RE-000001") in found) is not is_sound


def _movement(state: str, minor: int = 7140) -> tuple[str, str]:
    return (
        (
            "INSERT INTO bank_account (tenant_id, id, iban, holder, currency, ledger_account)"
            " VALUES (1, x'00', 'DE02120300000000202051', '', 'EUR', '1200')"
        ),
        (
            "INSERT INTO bank_transaction (tenant_id, id, bank_account_id, statement_id, dedup_key,"
            " booked_on, value_on, amount, currency, counterparty, state, data, imported_at)"
            f" VALUES (1, x'{MOVEMENT.hex}', x'00', x'00', x'00', '2026-10-20', '2026-10-20', {minor},"
            f""" 'EUR', '', '{state}', '{{"source_ref": "B000000001"}}', 0)"""
        ),
    )


def _told(evening: Evening, booking: BankBooking) -> Day:
    day = evening.day()
    day.outside.bank.bookings.append(booking)
    day.outside.bank.balance, day.outside.bank.told = booking.amount, 1
    return day


@pytest.mark.parametrize(
    ("on", "state", "is_sound"),
    [
        (date(2026, 10, 23), "OPEN", False),
        (date(2026, 10, 24), "OPEN", True),
        (date(2026, 10, 24), "RETURNED", True),
    ],
)
def test_a_debit_that_came_back_and_stands_is_seen(evening, on, state, is_sound):
    """BANK_AGREES: within ten days the booking of the bank is a return here."""
    booking = BankBooking(1, on, Money(-7440, "EUR"), "RETOURE AM04", returns=7)

    found = evening.said(*_movement(state, -7440), day=_told(evening, booking))

    assert (("BANK_AGREES", "bank account DE02120300000000202051") in found) is not is_sound


def test_a_debit_that_came_back_after_it_had_become_credit_waits_for_a_person(evening):
    """BANK_AGREES: its payment settled nothing, as its invoice was credited meanwhile."""
    paid = (
        "INSERT INTO bank_transaction (tenant_id, id, bank_account_id, statement_id, dedup_key,"
        " booked_on, value_on, amount, currency, counterparty, state, data, imported_at,"
        f" end_to_end_id) SELECT tenant_id, x'{PAID.hex}', bank_account_id, statement_id, x'06', booked_on,"
        " value_on, 7140, currency, '', 'BOOKED', '{}', 0, 'E-1' FROM bank_transaction"
    )
    named = "UPDATE bank_transaction SET end_to_end_id = 'E-1' WHERE amount < 0"
    allocated = (
        f"UPDATE allocation SET movement_id = x'{PAID.hex}' WHERE no = 1 AND document_id ="
        " (SELECT id FROM document WHERE number = 'RE-000001')"
    )
    place = ("BANK_AGREES", "bank account DE02120300000000202051")

    def said(*changes: str) -> bool:
        booking = BankBooking(1, date(2026, 10, 20), Money(-7440, "EUR"), "RETOURE", returns=7)
        day = _told(evening, booking)
        credit = BankBooking(2, date(2026, 10, 19), Money(7140, "EUR"), "RE-000001")
        day.outside.bank.bookings.append(credit)
        day.outside.bank.balance, day.outside.bank.told = Money(-300, "EUR"), 2
        return place in evening.said(*_movement("OPEN", -7440), paid, named, *changes, day=day)

    assert not said()
    assert said(allocated)


def test_a_movement_that_counts_as_booked_and_is_booked_nowhere_is_seen(evening):
    """MOVEMENT_BOOKED_ONCE: never more than it brought, and not nothing either."""
    place = ("MOVEMENT_BOOKED_ONCE", f"movement {MOVEMENT}")

    assert place in evening.said(*_movement("BOOKED"))
    assert place not in evening.said(*_movement("OPEN"))


@pytest.mark.parametrize(
    ("invoice", "minor", "purpose", "is_sound"),
    [
        ("RE-000002", 7140, "Rechnung RE-000002", False),
        ("RE-000002", 7140, "Überweisung", True),
        ("RE-000002", 7139, "Rechnung RE-000002", True),
        ("RE-000003", 7140, "Rechnung RE-000003", True),
    ],
)
def test_a_transfer_that_pays_an_invoice_and_waits_is_seen(
    evening, invoice, minor, purpose, is_sound
):
    """MOVEMENT_BOOKED_ONCE: it names an invoice of which nothing is paid, over all of it."""
    booking = BankBooking(1, date(2026, 10, 20), Money(minor, "EUR"), purpose, invoice)
    whole = "UPDATE document SET gross = 7140 WHERE number = 'RE-000002'"
    unpaid = (
        "UPDATE open_item SET open = 7140 WHERE document_id ="
        " (SELECT id FROM document WHERE number = 'RE-000002')"
    )

    found = evening.said(whole, unpaid, *_movement("OPEN", minor), day=_told(evening, booking))

    assert (("MOVEMENT_BOOKED_ONCE", f"movement {MOVEMENT}") in found) is not is_sound


def _fact(sequence: int, *, is_handed_out: bool = True) -> tuple[str, ...]:
    event = (
        "INSERT INTO event (tenant_id, object_id, sequence, object_type, type, occurred_at, data,"
        f" content_hash, seal_seq) VALUES (1, x'{OBJECT.hex}', {sequence}, 'thing', 'ITEM_CHANGED',"
        " 0, '{}', x'00', 950)"
    )
    delivery = (
        "INSERT INTO delivery (tenant_id, id, object_id, sequence, subscriber, state, attempts,"
        f" seal_seq) VALUES (1, x'{UUID(int=100 + sequence).hex}', x'{OBJECT.hex}', {sequence},"
        " 'listener', 'DELIVERED', 1, 950)"
    )
    return (event, delivery) if is_handed_out else (event,)


def test_a_fact_that_nobody_hands_out_is_seen(evening):
    """FACTS_DELIVERED_IN_ORDER: a subscriber to all facts gets all, none is passed over."""

    def said(rows: tuple[str, ...], *sequences: int) -> set[tuple[str, str]]:
        day = evening.day()
        day.outside.subscriber.taken += [
            TakenDelivery(str(UUID(int=100 + no)), "ITEM_CHANGED", OBJECT, no) for no in sequences
        ]
        found: set[tuple[str, str]] = evening.said(*rows, day=day)
        return found

    last = (*_fact(1), *_fact(2, is_handed_out=False))
    between = (*_fact(1), *_fact(2, is_handed_out=False), *_fact(3))
    fact = "FACTS_DELIVERED_IN_ORDER"
    assert said((*_fact(1), *_fact(2)), 1, 2) == set()
    assert said(last, 1) == {(fact, f"fact 2 of {OBJECT}")}
    assert said(between, 1, 3) == {(fact, f"fact 2 of {OBJECT}"), (fact, f"fact 3 of {OBJECT}")}


def _mail(no: int, use: str = "INVOICE") -> str:
    return (
        "INSERT INTO mail (tenant_id, id, fact, use, lane, place, state, given, attempts, due_at,"
        f" created_at, sent_at, document_id) SELECT 1, x'{UUID(int=no).hex}', 'event:{no}', '{use}',"
        " '', 1, 'SENT', '{}', 1, 0, 0, 0, id FROM document WHERE number = 'RE-000001'"
    )


def test_an_invoice_without_a_mail_or_with_two_is_seen(evening):
    """MAILED_AT_MOST_ONCE: of an invoice one mail is written, within five days."""
    one = (
        "UPDATE event SET occurred_at = 0 WHERE seal_seq ="
        " (SELECT seal_seq FROM document WHERE number = 'RE-000001')"
    )
    place = ("MAILED_AT_MOST_ONCE", "document RE-000001")

    def said(*mails: str) -> set[tuple[str, str]]:
        day = evening.day()
        day.outside.mail.accepted[str(UUID(int=60))] = 1
        found: set[tuple[str, str]] = evening.said(one, *mails, day=day)
        return found

    assert place in said()
    assert place not in said(_mail(60))
    assert place in said(_mail(60), _mail(61))
    assert place in said(_mail(60, "DUNNING"))


@pytest.mark.parametrize(
    ("on", "missed"),
    [(date(2026, 11, 5), {"entry inv:RE-000001"}), (date(2026, 10, 5), set())],
)
def test_an_entry_that_no_batch_brings_is_seen(evening, on, missed):
    """EXPORTED_ONCE: the evening before, the journal had it; the batch of its month comes without."""
    with tampering(evening.database, evening.tenant) as tx:
        check, day = ExportedOnce(), evening.day()
        first = list(check.look(tx, day))
        day.outside.datev.batches.append(TakenBatch(1, on, []))
        second = {one.place for one in check.look(tx, day)}

    assert first == []
    assert second & {"entry inv:RE-000001"} == missed
