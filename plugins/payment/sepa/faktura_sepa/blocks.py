"""Debits in the order of the file, and the payment blocks that they make."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum, unique
from itertools import groupby

from faktura.kernel.payment_terms import MandateScheme, MandateSequence
from faktura.plugin import DebitItem, DebitMandate
from faktura_sepa.settings import FirstSequence


@unique
class SequenceType(StrEnum):
    """Which debit of its mandate one is: the first, one of many, the last, or the only one."""

    FIRST = "FRST"
    RECURRING = "RCUR"
    FINAL = "FNAL"
    ONE_OFF = "OOFF"


@dataclass(frozen=True, slots=True)
class PaymentBlock:
    """Debits of one due day, scheme and sequence type: these are never mixed (P41)."""

    due_on: date
    scheme: MandateScheme
    sequence: SequenceType
    items: tuple[DebitItem, ...]

    @property
    def total(self) -> Decimal:
        """Their exact sum."""
        return sum((item.amount for item in self.items), Decimal(0))


def blocks_of(items: Iterable[DebitItem], first: FirstSequence) -> list[PaymentBlock]:
    """The blocks by due day, scheme and sequence; debits in them by mandate and end-to-end id.

    The order in which they are given does not matter.
    """
    keyed = sorted(
        ((_block(item, first), item) for item in items),
        key=lambda each: (each[0], each[1].mandate.reference, each[1].end_to_end),
    )
    return [
        PaymentBlock(due_on, scheme, sequence, tuple(item for _, item in members))
        for (due_on, scheme, sequence), members in groupby(keyed, key=lambda each: each[0])
    ]


def block_id(message_id: str, number: int) -> str:
    """The id of the message's payment block of that number, from 1 (PmtInfId)."""
    return f"{message_id}-{number}"


def sequence_of(mandate: DebitMandate, first: FirstSequence) -> SequenceType:
    """The sequence type: recurring mandates are RCUR from their first debit on (rulebook 2016)."""
    if mandate.sequence is MandateSequence.ONE_OFF:
        return SequenceType.ONE_OFF
    if mandate.last_collection:
        return SequenceType.FINAL
    if mandate.first_collection and first is FirstSequence.FRST:
        return SequenceType.FIRST
    return SequenceType.RECURRING


def _block(item: DebitItem, first: FirstSequence) -> tuple[date, MandateScheme, SequenceType]:
    return item.due_on, item.mandate.scheme, sequence_of(item.mandate, first)
