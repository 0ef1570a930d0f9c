"""Proof of locked months: no lock was changed, and nothing was booked in a month after its lock.

The order is that of the seals: the lock's event and every entry stand under one, and no clock
decides which came first.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from faktura.domain.events import EventType
from faktura.domain.violations import Proof, Violation
from faktura.services.accounting_events import ledger_id
from faktura.services.period_locks import lock_data
from faktura.store.event_lists import sealed_events_of
from faktura.store.period_locks import PeriodLock, entries_behind, locked_to, read_locks
from faktura.store.transaction import Tx


def locks_hold(tx: Tx) -> Iterator[Violation]:
    """Each lock is as its sealed event says, later than the one before, and no entry went behind it."""
    told = sealed_events_of(tx, ledger_id(tx), EventType.PERIOD_LOCKED)
    locks = read_locks(tx)
    yield from _are_as_told(locks, {int(str(data["no"])): data for _seal, data in told})
    for before, after in pairwise(locks):
        if after.locked_to <= before.locked_to:
            yield _violation(after.no, f"it locks no more than the one before, {before.locked_to}")
    held = locked_to(tx)
    last = locks[-1].locked_to if locks else None
    if held != last:
        yield Violation(Proof.LOCKS, "chain_head", f"months are locked to {held}, not to {last}")
    seals = {int(str(data["no"])): seal for seal, data in told}
    for lock in locks:
        if lock.no in seals:
            yield from _nothing_went_behind(tx, lock, seals)


def _are_as_told(
    locks: list[PeriodLock], told: Mapping[int, Mapping[str, object]]
) -> Iterator[Violation]:
    for lock in locks:
        if told.get(lock.no) != lock_data(lock):
            yield _violation(lock.no, "no sealed event says the same")
    for no in sorted(set(told) - {lock.no for lock in locks}):
        yield _violation(no, "its event is sealed, the lock is missing")


def _nothing_went_behind(tx: Tx, lock: PeriodLock, seals: Mapping[int, int]) -> Iterator[Violation]:
    # The next lock reaches further and is proved for whatever follows it.
    found = entries_behind(
        tx, lock.locked_to, after_seal=seals[lock.no], until_seal=seals.get(lock.no + 1)
    )
    for key, day in found:
        problem = f"it is booked on {day}, months up to {lock.locked_to} were locked before"
        yield Violation(Proof.LOCKS, f"journal_entry {key}", problem)


def _violation(no: int, problem: str) -> Violation:
    return Violation(Proof.LOCKS, f"period_lock {no}", problem)
