"""Numbers of documents: each kind from its own range where one is set up (F062, P20)."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from faktura.domain.document_kinds import DOCUMENT_RANGES, KINDS
from faktura.kernel.terms import DocumentKind
from faktura.store.numbers import take_numbers
from faktura.store.tables import number_range
from faktura.store.transaction import Tx


def document_numbers(tx: Tx, kinds: Sequence[DocumentKind], on: date) -> list[str]:
    """A number for each document, in order; one gapless block a range.

    Raises TransitionRefused where no range of a kind is set up for that day.
    """
    names = range_names(tx, on, kinds)
    wanted: dict[str, int] = {}
    for kind in kinds:
        wanted[names[kind]] = wanted.get(names[kind], 0) + 1
    # Always in the same order: two transactions that number several kinds wait, they do not lock.
    taken = {name: iter(take_numbers(tx, name, on, wanted[name])) for name in sorted(wanted)}
    return [next(taken[names[kind]]) for kind in kinds]


def range_names(tx: Tx, on: date, kinds: Sequence[DocumentKind]) -> dict[DocumentKind, str]:
    """The range of each kind on that day: its own, else the one that it shares."""
    if set(kinds) == {DocumentKind.INVOICE}:
        return {DocumentKind.INVOICE: KINDS[DocumentKind.INVOICE].ranges[0]}
    r = number_range.c
    known = set(
        tx.connection.execute(
            select(r.name).where(
                r.tenant_id == tx.tenant_id, r.name.in_(sorted(DOCUMENT_RANGES)), r.valid_from <= on
            )
        ).scalars()
    )
    return {
        kind: next((name for name in KINDS[kind].ranges if name in known), KINDS[kind].ranges[-1])
        for kind in kinds
    }
