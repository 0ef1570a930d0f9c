"""Money outside against money booked: PSP and bank keep books of their own (P26-P33, P47)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

from faktura.domain.attempts import LIVE
from faktura.kernel.payment_terms import AttemptState
from faktura.kernel.terms import AccountFact
from faktura.store.simulation_bank import (
    amounts_of_movements,
    booked_movements,
    movements_known,
    returns_known,
    waiting_movements,
)
from faktura.store.simulation_books import account_lines_since, last_seal
from faktura.store.simulation_life import (
    KnownAttempt,
    attempts_known,
    gross_of_numbers,
    wholly_open,
)
from faktura.store.transaction import Tx
from faktura.testing.simulation.driver import Day
from faktura.testing.simulation.invariants import Breach, Invariant
from faktura.testing.simulation.outside import Charge, ChargeState, ProviderBooks

_PAID = frozenset({AttemptState.SUCCEEDED, AttemptState.CHARGED_BACK})
_MOVED = frozenset(
    {
        AccountFact.PAYMENT,
        AccountFact.RETURN,
        AccountFact.REFUND,
        AccountFact.SET_UNPAID,
        AccountFact.CHARGEBACK,
    }
)


# Longer than any outage, with what is delivered late and asked for again behind it.
_PATIENCE = timedelta(days=10)


@dataclass(slots=True)
class ChargedOnce:
    """The PSP never holds more for an invoice than it is about, and was never asked for nonsense."""

    _breaches: int = 0
    _charges: int = 0
    _by_invoice: dict[str, list[Charge]] = field(default_factory=dict)

    def look(self, tx: Tx, day: Day) -> Iterator[Breach]:
        """Invoices with a new charge, by the PSP's own books."""
        books = day.outside.psp
        for said in books.breaches[self._breaches :]:
            yield Breach(Invariant.CHARGED_AT_MOST_ONCE, "PSP", said)
        self._breaches = len(books.breaches)
        touched: set[str] = set()
        for charge in islice(books.charges.values(), self._charges, None):
            self._by_invoice.setdefault(charge.invoice, []).append(charge)
            touched.add(charge.invoice)
        self._charges = len(books.charges)
        given_back = _given_back(books, touched)
        gross = gross_of_numbers(tx, touched)
        for number in sorted(touched):
            held = sum(
                charge.amount.minor
                for charge in self._by_invoice[number]
                if charge.state is not ChargeState.DECLINED
            )
            held -= given_back.get(number, 0)
            if held > gross.get(number, 0):
                problem = f"the PSP holds {held} for it, it is about {gross.get(number, 0)}"
                yield Breach(Invariant.CHARGED_AT_MOST_ONCE, f"document {number}", problem)


def _given_back(books: ProviderBooks, numbers: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    if not numbers:
        return found
    lost = [(one.invoice, one.amount) for one in books.chargebacks.values() if not one.is_won]
    asked = [(one.invoice, one.amount) for one in books.refunds.values()]
    for invoice, amount in (*lost, *asked):
        found[invoice] = found.get(invoice, 0) + amount.minor
    return found


@dataclass(slots=True)
class ProviderAgrees:
    """What the PSP took is booked, or an attempt still waits for its word; nothing else is booked.

    It waits for some days at most: what webhooks do not tell, polling and looking up do. What the
    PSP took back is charged back here by then.
    """

    seal: int = 0
    _charges: int = 0
    _disputes: int = 0
    _open: dict[str, Charge] = field(default_factory=dict)
    _booked: dict[UUID, int] = field(default_factory=dict)
    _taken: dict[UUID, int] = field(default_factory=dict)

    def look(self, tx: Tx, day: Day) -> Iterator[Breach]:
        """New charges, those on which we have no final word, and what was booked since the seal."""
        books = day.outside.psp
        for charge in islice(books.charges.values(), self._charges, None):
            self._open[charge.reference] = charge
        self._charges = len(books.charges)
        known = attempts_known(tx, {charge.attempt for charge in self._open.values()})
        ended: set[UUID] = set()
        for reference, charge in list(self._open.items()):
            attempt = known.get(charge.attempt)
            problem = _differs(charge, attempt) or _late(charge, attempt, tx.now())
            if problem:
                place = f"charge {reference} for {charge.invoice}"
                yield Breach(Invariant.PROVIDER_AGREES, place, problem)
            if charge.state is ChargeState.TAKEN:
                self._taken[charge.attempt] = charge.amount.minor
            if charge.state is not ChargeState.PENDING and (
                attempt is None or attempt.state not in LIVE
            ):
                del self._open[reference]
                ended.add(charge.attempt)
        yield from self._bookings(tx, ended)
        yield from self._taken_back(tx, books)
        self.seal = last_seal(tx)

    def _bookings(self, tx: Tx, ended: set[UUID]) -> Iterator[Breach]:
        touched = ended
        for line in account_lines_since(tx, self.seal):
            attempt = _attempt_of(line.source)
            if attempt is not None and line.fact is AccountFact.PAYMENT:
                self._booked[attempt] = self._booked.get(attempt, 0) - line.amount
                touched.add(attempt)
        for attempt in sorted(touched & self._taken.keys()):
            booked, taken = self._booked.get(attempt, 0), self._taken[attempt]
            if booked != taken:
                problem = f"{booked} is booked of it, the PSP took {taken}"
                yield Breach(Invariant.PROVIDER_AGREES, f"payment_attempt {attempt}", problem)

    def _taken_back(self, tx: Tx, books: ProviderBooks) -> Iterator[Breach]:
        due = []
        for dispute in islice(books.chargebacks.values(), self._disputes, None):
            if dispute.at > tx.now() - _PATIENCE:
                break
            due.append(dispute)
        self._disputes += len(due)
        attempts = {one.reference: books.charges[one.charge].attempt for one in due}
        known = attempts_known(tx, set(attempts.values()))
        for dispute in due:
            attempt = known.get(attempts[dispute.reference])
            if attempt is None or attempt.state is not AttemptState.CHARGED_BACK:
                state = attempt and attempt.state
                place = f"chargeback {dispute.reference} of {dispute.invoice}"
                yield Breach(Invariant.PROVIDER_AGREES, place, f"the attempt is {state} here")


def _late(charge: Charge, attempt: KnownAttempt | None, now: datetime) -> str:
    if attempt is None or attempt.state not in LIVE or charge.state is ChargeState.PENDING:
        return ""
    if (charge.settled_at or charge.at) > now - _PATIENCE:
        return ""
    return f"it is {charge.state} there for {_PATIENCE.days} days and {attempt.state} here"


def _differs(charge: Charge, attempt: KnownAttempt | None) -> str:
    if attempt is None:
        return "we know no attempt of it"
    if attempt.number != charge.invoice:
        return f"our attempt is for {attempt.number}"
    if (attempt.amount, attempt.currency) != (charge.amount.minor, charge.amount.currency):
        return f"our attempt is about {attempt.amount} {attempt.currency}, not {charge.amount}"
    is_taken = charge.state is ChargeState.TAKEN
    if attempt.state in _PAID and not is_taken:
        return f"it is {charge.state} there and {attempt.state} here"
    if attempt.state not in _PAID | LIVE and charge.state is not ChargeState.DECLINED:
        return f"it is {charge.state} there and {attempt.state} here"
    return ""


def _attempt_of(source: str) -> UUID | None:
    """The attempt in whose name a transaction is booked, as in `pay:attempt:<hex>`."""
    _, what, rest = (*source.split(":", 2), "", "")[:3]
    if what != "attempt":
        return None
    return UUID(rest[:32])


@dataclass(slots=True)
class BankAgrees:
    """The bank's balance is the sum of its bookings; those that it told of are known, each once.

    A returned debit counts as one within some days.
    """

    def look(self, tx: Tx, day: Day) -> Iterator[Breach]:
        """Count and sum of the bookings on both sides."""
        books = day.outside.bank
        minor = sum(one.amount.minor for one in books.bookings)
        if books.balance.minor != minor:
            problem = f"its bookings come to {minor}, its balance is {books.balance.minor}"
            yield Breach(Invariant.BANK_AGREES, f"bank account {books.iban}", problem)
        told = books.bookings[: books.told]
        wanted = len(told), sum(one.amount.minor for one in told)
        known = movements_known(tx, books.iban)
        if known != wanted:
            problem = f"it told of {wanted[0]} bookings over {wanted[1]}, we know {known[0]} over"
            yield Breach(
                Invariant.BANK_AGREES, f"bank account {books.iban}", f"{problem} {known[1]}"
            )
        returned = [one.day for one in told if one.returns is not None]
        due = sum(1 for on in returned if on <= day.date - _PATIENCE)
        stand = returns_known(tx, books.iban)
        if not due <= stand <= len(returned):
            problem = (
                f"{due} of {len(returned)} debits came back long ago, {stand} are returns here"
            )
            yield Breach(Invariant.BANK_AGREES, f"bank account {books.iban}", problem)


@dataclass(slots=True)
class MovementsBookedOnce:
    """What is booked of a bank movement on accounts is never more than it brought or took.

    What counts as booked is: its booking stands on an account. A transfer that names an invoice,
    over all of it, does not wait for days while nobody else pays it.
    """

    seal: int = 0
    _looked: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    _booked: dict[UUID, int] = field(default_factory=dict)

    def look(self, tx: Tx, day: Day) -> Iterator[Breach]:
        """Movements in whose names something was booked since the seal."""
        touched: set[UUID] = set()
        for line in account_lines_since(tx, self.seal):
            movement = _movement_of(line.source) if line.fact in _MOVED else None
            if movement is not None:
                self._booked[movement] = self._booked.get(movement, 0) - line.amount
                touched.add(movement)
        amounts = amounts_of_movements(tx, touched)
        for movement in sorted(touched):
            place = f"movement {movement}"
            amount, booked = amounts.get(movement), self._booked[movement]
            if amount is None:
                problem = f"{booked} is booked of it, and it does not exist"
                yield Breach(Invariant.MOVEMENT_BOOKED_ONCE, place, problem)
            elif not min(amount, 0) <= booked <= max(amount, 0):
                problem = f"{booked} is booked of it, it is over {amount}"
                yield Breach(Invariant.MOVEMENT_BOOKED_ONCE, place, problem)
        for movement in booked_movements(tx, self._looked):
            if not self._booked.get(movement):
                problem = "it counts as booked, and nothing is booked of it"
                yield Breach(Invariant.MOVEMENT_BOOKED_ONCE, f"movement {movement}", problem)
        self._looked = tx.now() - _PATIENCE
        yield from self._left_waiting(tx, day)
        self.seal = last_seal(tx)

    def _left_waiting(self, tx: Tx, day: Day) -> Iterator[Breach]:
        waiting = waiting_movements(tx, day.date - _PATIENCE)
        bookings = day.outside.bank.bookings
        told = [(bookings[no - 1], waiting[no]) for no in sorted(waiting) if no <= len(bookings)]
        left = [one for one in told if one[0].invoice and one[0].invoice in one[0].purpose]
        unpaid = wholly_open(tx, {booking.invoice for booking, _ in left})
        for booking, movement in left:
            if booking.amount.minor == unpaid.get(booking.invoice):
                problem = f"it pays all of {booking.invoice} and waits since {booking.day}"
                yield Breach(Invariant.MOVEMENT_BOOKED_ONCE, f"movement {movement}", problem)


def _movement_of(source: str) -> UUID | None:
    """The movement that a transaction is booked of, as in `pay:<id>:again1`."""
    parts = source.split(":")
    try:
        return UUID(parts[1]) if len(parts) > 1 else None
    except ValueError:
        return None
