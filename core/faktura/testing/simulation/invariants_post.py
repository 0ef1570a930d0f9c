"""What leaves the house: mails at most once, facts at least once and in order, entries once."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from faktura.kernel.outbox_terms import MailUse
from faktura.store.simulation_outbox import (
    delivered_to,
    deliveries_known,
    entries_up_to,
    first_seal_for,
    last_entry,
    last_seal_before,
    legs_of_entries,
    mails_known,
    mails_of_invoices,
    mails_sent,
    never_handed_out,
    undelivered,
)
from faktura.store.transaction import Tx
from faktura.testing.simulation.driver import Day
from faktura.testing.simulation.invariants import Breach, Invariant
from faktura.testing.simulation.outside import TakenBatch

# Longer than any outage of the subscriber with what is tried again behind it.
_PATIENCE = timedelta(days=5)


@dataclass(slots=True)
class MailedOnce:
    """The server accepted each mail at most once, and each that counts as sent; an invoice has one.

    A mail whose yes was lost waits for a person, who may have it sent again: those are excepted.
    """

    _mails: int = 0
    _seal: int = 0
    _looked: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    def look(self, tx: Tx, day: Day) -> Iterator[Breach]:
        """New mails in the server's books, and ours that count as sent since the last look."""
        books = day.outside.mail
        for name, times in books.accepted.items():
            if times > 1 and name not in books.unanswered:
                problem = f"the server accepted it {times} times"
                yield Breach(Invariant.MAILED_AT_MOST_ONCE, f"mail {name}", problem)
        if len(books.accepted) != self._mails:
            new = list(books.accepted)[self._mails :]
            known = mails_known(tx, {UUID(name) for name in new})
            for name in new:
                if UUID(name) not in known:
                    problem = "the server accepted it, and we never wrote it"
                    yield Breach(Invariant.MAILED_AT_MOST_ONCE, f"mail {name}", problem)
            self._mails = len(books.accepted)
        for mail_id in mails_sent(tx, self._looked):
            if str(mail_id) not in books.accepted:
                problem = "it counts as sent, and the server never accepted it"
                yield Breach(Invariant.MAILED_AT_MOST_ONCE, f"mail {mail_id}", problem)
        self._looked = tx.now()
        yield from self._of_invoices(tx, day)

    def _of_invoices(self, tx: Tx, day: Day) -> Iterator[Breach]:
        # Where nobody is written to, no invoice has a mail.
        if not day.outside.mail.accepted or MailUse.INVOICE in day.tenant.mail.off:
            return
        until = last_seal_before(tx, tx.now() - _PATIENCE)
        for number, mails in mails_of_invoices(tx, self._seal, until):
            problem = f"{mails} mails were written of it, not one"
            yield Breach(Invariant.MAILED_AT_MOST_ONCE, f"document {number}", problem)
        self._seal = until


@dataclass(slots=True)
class DeliveredInOrder:
    """The subscriber took every fact that counts as delivered, those of an object in their order.

    Every fact since the first that was handed out to it is: it listens to all.
    """

    _taken: int = 0
    _ids: set[UUID] = field(default_factory=set)
    _last: dict[UUID, int] = field(default_factory=dict)
    _subscriber: str = ""
    _handed_out: int = 0

    def look(self, tx: Tx, day: Day) -> Iterator[Breach]:
        """What was taken since the last look; how many count as delivered; what waits too long."""
        new = day.outside.subscriber.taken[self._taken :]
        self._taken += len(new)
        known = deliveries_known(tx, {UUID(one.id) for one in new})
        for one in new:
            delivery = UUID(one.id)
            place = f"fact {one.sequence} of {one.object_id}"
            if delivery not in known:
                problem = f"the subscriber took delivery {delivery}, and we know none"
                yield _misdelivered(place, problem)
                continue
            self._subscriber = known[delivery].subscriber
            # The same delivery may come again: it was taken, and we did not hear of it.
            if delivery in self._ids:
                continue
            self._ids.add(delivery)
            before = self._last.get(one.object_id)
            if before is not None and one.sequence != before + 1:
                yield _misdelivered(place, f"it was taken behind fact {before}")
            before = before or 0
            self._last[one.object_id] = max(before, one.sequence)
        if self._subscriber:
            count = delivered_to(tx, self._subscriber)
            if count > len(self._ids):
                problem = f"{count} facts count as delivered, it took {len(self._ids)}"
                yield _misdelivered(f"subscriber {self._subscriber}", problem)
        for subscriber, object_id, sequence in undelivered(tx, tx.now() - _PATIENCE):
            problem = f"{subscriber} has not got it for {_PATIENCE.days} days"
            yield _misdelivered(f"fact {sequence} of {object_id}", problem)
        yield from self._never(tx)

    def _never(self, tx: Tx) -> Iterator[Breach]:
        first = first_seal_for(tx, self._subscriber)
        if not first:
            return
        after = self._handed_out or first - 1
        until = last_seal_before(tx, tx.now() - _PATIENCE)
        for object_id, sequence in never_handed_out(tx, self._subscriber, after, until):
            problem = f"nobody wanted to tell {self._subscriber} of it"
            yield _misdelivered(f"fact {sequence} of {object_id}", problem)
        self._handed_out = max(after, until)


def _misdelivered(place: str, problem: str) -> Breach:
    return Breach(Invariant.FACTS_DELIVERED_IN_ORDER, place, problem)


@dataclass(slots=True)
class ExportedOnce:
    """Each entry went out with one batch, with the legs that the journal has.

    A batch of last month brings all of its entries that the journal had the evening before, and
    those of earlier months that came late.
    """

    _batches: int = 0
    _seq: int = 0
    _sent: dict[str, int] = field(default_factory=dict)

    def look(self, tx: Tx, day: Day) -> Iterator[Breach]:
        """Batches that arrived since the last look."""
        new = day.outside.datev.batches[self._batches :]
        for batch in new:
            arrived: dict[str, Counter[tuple[str, int, str]]] = {}
            for key, _account, side, amount in batch.rows:
                leg = side, amount.minor, amount.currency
                arrived.setdefault(key, Counter())[leg] += 1
            posted = legs_of_entries(tx, arrived)
            for key, rows in arrived.items():
                place = f"entry {key} in batch {batch.number}"
                before = self._sent.setdefault(key, batch.number)
                if before != batch.number:
                    problem = f"it went out with batch {before} already"
                    yield Breach(Invariant.EXPORTED_ONCE, place, problem)
                legs = Counter(
                    (side, minor, currency) for _, side, minor, currency in posted.get(key, [])
                )
                if rows != legs:
                    problem = f"it has {rows.total()} legs there, {legs.total()} in the journal"
                    yield Breach(Invariant.EXPORTED_ONCE, place, f"{problem}, or other amounts")
        if new:
            yield from self._left_out(tx, new[-1])
        self._batches, self._seq = len(day.outside.datev.batches), last_entry(tx)

    def _left_out(self, tx: Tx, last: TakenBatch) -> Iterator[Breach]:
        end = last.day.replace(day=1) - timedelta(days=1)
        for key in entries_up_to(tx, self._seq, end):
            if key not in self._sent:
                problem = f"batch {last.number} until {end} came without it"
                yield Breach(Invariant.EXPORTED_ONCE, f"entry {key}", problem)
