"""How a movement is recognised again: in the same file, in another one, from another source (P40).

Keys are kept with the movements, so what they are made of never changes. Source: banking 2.5.
"""

import unicodedata
from dataclasses import dataclass
from uuid import UUID

from faktura.domain.movements import Movement
from faktura.kernel.canonical import content_hash

_UMLAUTS = str.maketrans({"Ä": "AE", "Ö": "OE", "Ü": "UE", "ß": "SS", "ẞ": "SS"})


def reference_key(movement: Movement) -> bytes | None:
    """The identity by the bank's own reference; None where it gave none.

    Day, amount, payer and place in the batch belong to it: some banks repeat their references.
    """
    if movement.source_ref is None:
        return None
    return content_hash(
        [
            "reference",
            movement.source_ref,
            movement.detail_index,
            movement.booked_on,
            movement.amount.minor,
            movement.amount.currency,
            movement.end_to_end_id,
            movement.counterparty_iban,
        ]
    )


def content_key(movement: Movement, ordinal: int) -> bytes:
    """The identity by content, for movements without a reference of their own.

    `ordinal` counts equal movements of one statement from 0: true twins stay two.
    """
    return content_hash(
        [
            "content",
            ordinal,
            movement.booked_on,
            movement.value_on,
            movement.amount.minor,
            movement.amount.currency,
            movement.end_to_end_id,
            movement.mandate_id,
            movement.counterparty_iban,
            _letters_and_digits("".join(movement.remittance_lines)),
            movement.gvc,
        ]
    )


def other_key(movement: Movement, key: bytes) -> bytes | None:
    """The identity instead of `key`, had its reference stood as often as it did not; None for none.

    Of equal movements only the first has one: a reference that stands alone names one movement.
    """
    reference = reference_key(movement)
    if reference is None:
        return None
    content = content_key(movement, 0)
    return {reference: content, content: reference}.get(key)


def cross_key(movement: Movement) -> bytes:
    """What every source says of a booking alike: without codes, value date and references.

    It is no identity: equal movements share it, and their number decides.
    """
    return content_hash(
        [
            "cross",
            movement.booked_on,
            movement.amount.minor,
            movement.amount.currency,
            movement.end_to_end_id,
            movement.counterparty_iban,
            # One source writes Ä as one sign, another as A and two dots.
            _letters_and_digits(unicodedata.normalize("NFC", "".join(movement.remittance_lines))),
        ]
    )


def named_key(source: str, key: bytes) -> bytes:
    """Under which it is kept that a source delivered a movement that was there already."""
    return content_hash(["named", source, key])


def told_key(statement_id: UUID, movement_id: UUID) -> bytes:
    """Under which it is kept that a statement told of a movement that was there already."""
    return content_hash(["told", statement_id.hex, movement_id.hex])


def next_key(movement: Movement, first: bytes, ordinal: int) -> bytes:
    """The identity of one more movement equal to the one whose identity is `first`.

    A reference names one movement: one more with the same, of another statement, is counted apart.
    """
    if not ordinal:
        return first
    if first == reference_key(movement):
        return content_hash(["again", first, ordinal])
    return content_key(movement, ordinal)


@dataclass(frozen=True, slots=True)
class Identity:
    """That of the first of equal movements of a statement, and how many stand before this one."""

    first: bytes
    ordinal: int = 0

    def key(self, movement: Movement) -> bytes:
        """The movement's identity where its statement stands alone."""
        return content_key(movement, self.ordinal) if self.ordinal else self.first


class StatementKeys:
    """Gives each movement of one statement its identity; `repeated` are references used twice."""

    def __init__(self, repeated: frozenset[bytes]) -> None:
        self._repeated = repeated
        self._seen: dict[bytes, int] = {}

    def of(self, movement: Movement) -> bytes:
        """The next movement's key, in the order of the statement."""
        return self.identity_of(movement).key(movement)

    def identity_of(self, movement: Movement) -> Identity:
        """The next movement's identity, in the order of the statement."""
        reference = reference_key(movement)
        if reference is not None and reference not in self._repeated:
            return Identity(reference)
        first = content_key(movement, 0)
        ordinal = self._seen.get(first, 0)
        self._seen[first] = ordinal + 1
        return Identity(first, ordinal)


def _letters_and_digits(text: str) -> str:
    """The text in A-Z and 0-9, however its lines were cut.

    Apart from the matcher's own reading, which may learn: a key that changes books twice.
    """
    if not text.isascii():
        text = "".join(map(_plain, text))
    return "".join(filter(str.isalnum, text.upper()))


def _plain(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char).upper().translate(_UMLAUTS)
    return "".join(one for one in folded if one.isascii())
