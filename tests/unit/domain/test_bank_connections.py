"""Accounts of a feed and ours: found by the IBAN once, by the feed's id from then on (P55)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from faktura.domain.bank_accounts import BankAccount
from faktura.domain.bank_connections import (
    AccountFacts,
    BankConnection,
    ConnectedAccount,
    seen_account,
)

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
HERE, GIRO, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
IBAN, OTHER_IBAN = "DE89370400440532013000", "DE02120300000000202051"
OURS = {
    OTHER: BankAccount(OTHER, OTHER_IBAN, "Werk GmbH"),
    GIRO: BankAccount(GIRO, IBAN, "Werk GmbH"),
}


def seen(iban, currency="EUR"):
    return ConnectedAccount(HERE, "5", None, AccountFacts(iban=iban, currency=currency))


def test_an_account_is_linked_where_the_ibans_are_the_same():
    """And the currency."""
    assert seen_account(None, seen(IBAN), OURS, ()).bank_account_id == GIRO
    assert seen_account(None, seen(IBAN, "CHF"), OURS, ()).bank_account_id is None
    assert seen_account(None, seen("DE75512108001245126199"), OURS, ()).bank_account_id is None
    assert seen_account(None, seen(None), OURS, ()).bank_account_id is None


def test_no_two_accounts_bring_one_bank_account():
    """The first one does; a link that somebody else has by now is gone."""
    linked = replace(seen(IBAN), bank_account_id=GIRO)

    assert seen_account(None, seen(IBAN), OURS, {GIRO}).bank_account_id is None
    assert seen_account(linked, seen(IBAN), OURS, {GIRO}).bank_account_id is None


def test_an_iban_that_is_missing_changes_nothing():
    """It comes and goes; the last one that was named stands."""
    linked = replace(seen(IBAN), bank_account_id=GIRO)

    now = seen_account(linked, seen(None), OURS, ())

    assert (now.bank_account_id, now.facts.iban, now.is_read) == (GIRO, IBAN, True)


def test_another_iban_stops_the_import_until_it_is_ours_again():
    """Its link stays, and nothing of it is read; a missing IBAN does not prove that it is ours."""
    linked = replace(seen(IBAN), bank_account_id=GIRO)

    changed = seen_account(linked, seen(OTHER_IBAN), OURS, ())
    missing = seen_account(changed, seen(None), OURS, ())
    back = seen_account(missing, seen(IBAN), OURS, ())

    assert (changed.bank_account_id, changed.is_read) == (GIRO, False)
    assert not missing.is_read
    assert back.is_read


def test_a_connection_is_busy_for_as_long_as_somebody_may_still_work_on_it():
    """The moment itself is too late."""
    one = BankConnection(HERE, "finapi", "101", "Musterbank")

    assert not one.is_busy(NOW)
    assert replace(one, busy_until=NOW + timedelta(seconds=1)).is_busy(NOW)
    assert not replace(one, busy_until=NOW).is_busy(NOW)
