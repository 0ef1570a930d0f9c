"""Waiting movements as the rules see them: their kind, and the document numbers in their texts."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from faktura.domain.document_kinds import DOCUMENT_RANGES
from faktura.domain.movements import Movement, MovementClass, classify
from faktura.domain.number_index import Found, NumberIndex
from faktura.domain.tight_text import tight
from faktura.domain.written_numbers import unknown_numbers, written_numbers
from faktura.services.ledger import Source
from faktura.services.movement_cases import source_of
from faktura.services.movement_view import movement_of, record_from_text
from faktura.store.movements import Waiting, lock_waiting
from faktura.store.numbers import ranges
from faktura.store.payable import known_numbers
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Case:
    """A waiting movement with its kind and what its text names.

    `unknown` are numbers written like ours that no document has.
    """

    waiting: Waiting
    movement: Movement
    kind: MovementClass
    found: Found
    unknown: tuple[str, ...]

    @property
    def source(self) -> Source:
        """Where its money comes from."""
        return source_of(self.waiting, self.movement)


def read_cases(tx: Tx, index: NumberIndex, ids: Collection[UUID]) -> list[Case]:
    """Those of the movements that are still open, locked, in booking order."""
    read = [
        (waiting, movement_of(record_from_text(waiting.data))) for waiting in lock_waiting(tx, ids)
    ]
    formats = {given.format for given in ranges(tx) if given.name in DOCUMENT_RANGES}
    written = {
        waiting.id: written_numbers(movement.searched_text, formats) for waiting, movement in read
    }
    known = frozenset(known_numbers(tx, frozenset().union(*written.values())))
    return [
        Case(
            waiting,
            movement,
            classify(movement),
            _found(index, movement, written[waiting.id] & known),
            _unknown(movement, written[waiting.id], known),
        )
        for waiting, movement in read
    ]


def _unknown(
    movement: Movement, written: Collection[str], known: Collection[str]
) -> tuple[str, ...]:
    strange = set(written).difference(known)
    return unknown_numbers(movement.searched_text, strange, known) if strange else ()


def _found(index: NumberIndex, movement: Movement, own: Collection[str]) -> Found:
    """What the text names, of `own` numbers also those that the index does not know.

    Paid documents count too: a text that names one is never a full match (F097). The index does not
    learn them: what one movement names must not change how the next one is read.
    """
    found = index.find(movement)
    other = sorted(set(own).difference(hit.number for hit in found.hits))
    if not other:
        return found
    more = NumberIndex.of(other).find(movement)
    told = {tight(hit.number) for hit in more.hits}
    return replace(
        found,
        hits=(*found.hits, *more.hits),
        named=tuple(hit for hit in found.named if tight(hit.number) not in told),
        listed=tuple(hit for hit in found.listed if tight(hit.number) not in told),
        weak=tuple(hit for hit in found.weak if tight(hit.number) not in told),
        unknown=tuple(one for one in found.unknown if tight(one) not in told),
    )
