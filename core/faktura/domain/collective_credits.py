"""One credit for many debits: which of a file it pays, exact to the cent or not at all (P41).

A bank that books in batches names the file or a payment block, and credits what it collected of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from faktura.domain.debit_files import DebitBlock, KeptFile
from faktura.domain.matches import Decision, Outcome
from faktura.domain.tight_text import tight
from faktura.kernel.money import Money, total

RULE: Final = "debit-file"
RULE_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Naming:
    """What a credit says of a file: the id of a payment block, if the bank states one, and its text."""

    payment_id: str | None
    text: str


def decide_collective(
    naming: Naming, amount: Money, file: KeptFile, awaited: Sequence[Mapping[UUID, Money]]
) -> Decision[UUID]:
    """FULL with the debits that a credit pays: all that is awaited of a block, or of the file.

    Each of `awaited` says what may be awaited, by attempt. A block that is named is meant, else the
    file as a whole or one of its blocks is. Exactly one of these must come to the amount.
    """
    meant = _meant(naming, file)
    # Different ways to the same debits are no doubt.
    expected = {
        debits: total([known[one] for one in debits], amount.currency)
        for known in awaited
        for blocks in meant
        if (debits := _awaited(blocks, known))
    }
    fitting = [debits for debits, expected_sum in expected.items() if expected_sum == amount]
    if len(fitting) == 1:
        reason = f"{len(fitting[0])} debits of file {file.message_id}, sum exact to the cent"
        return Decision(Outcome.FULL, RULE, reason, documents=fitting[0])
    if fitting:
        reason = f"{len(fitting)} sets of debits of file {file.message_id} come to {amount}"
        return Decision(Outcome.OPEN, f"{RULE}-ambiguous", reason)
    sums = ", ".join(str(one) for one in sorted(set(expected.values()))) or "nothing"
    reason = f"file {file.message_id}: awaited is {sums}, not {amount}"
    return Decision(Outcome.OPEN, f"{RULE}-differs", reason)


def _meant(naming: Naming, file: KeptFile) -> list[tuple[DebitBlock, ...]]:
    named = _named(naming, file.blocks)
    if named:
        return [(block,) for block in named]
    return [file.blocks, *((block,) for block in file.blocks)]


def _named(naming: Naming, blocks: Collection[DebitBlock]) -> list[DebitBlock]:
    stated = [block for block in blocks if block.id == naming.payment_id]
    if stated:
        return stated
    # `-1` stands in the text of `-12` as well: the sum decides between them.
    text = tight(naming.text)
    return [block for block in blocks if tight(block.id) in text]


def _awaited(blocks: Collection[DebitBlock], awaited: Mapping[UUID, Money]) -> tuple[UUID, ...]:
    return tuple(one for block in blocks for one in block.attempts if one in awaited)
