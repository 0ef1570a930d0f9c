"""Bank movements: what kind of booking one is, how it is recognised again, what its text says.

Sources: GVC and ISO bank transaction codes (DK list), entry identity as in P40.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum, unique

from faktura.domain.matching import joined_remittance, tight
from faktura.kernel.canonical import content_hash
from faktura.kernel.money import Money


@unique
class MovementClass(StrEnum):
    """What a booking is, before anybody asks which documents it concerns."""

    PAYMENT = "PAYMENT"
    RETURN = "RETURN"
    CAME_BACK = "CAME_BACK"
    FOREIGN = "FOREIGN"
    BANK = "BANK"


@dataclass(frozen=True, slots=True)
class Movement:
    """A booked movement as the rules see it; `amount` is signed, credit positive.

    `instructed` and `charges` are unsigned, in `instructed_currency` and the amount's currency. The
    ids of a batch are those of the file and the payment block that it comes from.
    """

    booked_on: date
    value_on: date
    amount: Money
    detail_index: int = 0
    reversal: bool = False
    source_ref: str | None = None
    end_to_end_id: str | None = None
    mandate_id: str | None = None
    counterparty_iban: str | None = None
    remittance_lines: tuple[str, ...] = ()
    structured_reference: str | None = None
    gvc: str | None = None
    bank_code: str | None = None
    instructed: Decimal | None = None
    instructed_currency: str | None = None
    charges: Decimal | None = None
    return_reason: str | None = None
    booking_text: str | None = None
    batch_message_id: str | None = None
    batch_payment_id: str | None = None

    @property
    def remittance(self) -> str | None:
        """The payer's text as the bank gave it, line by line (F092); else the reference given."""
        if self.remittance_lines:
            return "\n".join(self.remittance_lines)
        return self.structured_reference or self.end_to_end_id

    @property
    def states_original(self) -> bool:
        """Whether the bank says how much of a return is the original and how much its fee."""
        return self.instructed is not None or self.charges is not None

    @property
    def searched_text(self) -> str:
        """Everything a document number may stand in; each source is set off from the next."""
        joined = joined_remittance(self.remittance_lines)
        reference = creditor_reference(self.structured_reference or "")
        return "\n".join(part for part in (joined, reference, self.end_to_end_id) if part)


_RETURNED_DEBIT = frozenset({"108", "109"})
_CAME_BACK = frozenset({"159", "160", "181", "184"})
# Closing, costs, fees, commission, interest, the bank's own corrections.
_BANKS_OWN = frozenset({"193", "805", "807", "808", "809", "814", "899"})
_RETURN_FAMILIES = frozenset({"UPDD", "PRDD", "RRTN", "ARET"})
_RETURN_WORDS = re.compile(r"R(UE|Ü)CKLASTSCHRIFT|RETOURE|R(UE|Ü)CKBELASTUNG")


def classify(movement: Movement) -> MovementClass:
    """The kind of booking, decided by the bank's codes first and its words last.

    A returned debit is a debit with a reason for the return, GVC 108 or 109, or IDDT/UPDD.
    """
    _, family, kind = f"{movement.bank_code or ''}//".split("/")[:3]
    if movement.amount.minor < 0 and _is_return(movement, family, kind):
        return MovementClass.RETURN
    if _came_back(movement, kind):
        return MovementClass.CAME_BACK
    if movement.gvc in _BANKS_OWN or family == "MDOP" or movement.reversal or not movement.amount:
        return MovementClass.BANK
    foreign = movement.instructed_currency not in (None, movement.amount.currency)
    if foreign or (movement.amount.minor > 0 and movement.charges):
        return MovementClass.FOREIGN
    return MovementClass.PAYMENT


def _is_return(movement: Movement, family: str, kind: str) -> bool:
    if movement.return_reason is not None or movement.gvc in _RETURNED_DEBIT:
        return True
    if movement.gvc is None and family == "IDDT" and kind in _RETURN_FAMILIES:
        return True
    said = "\n".join((*movement.remittance_lines, movement.booking_text or "")).upper()
    named = movement.end_to_end_id is not None or movement.mandate_id is not None
    return named and _RETURN_WORDS.search(said) is not None


def _came_back(movement: Movement, kind: str) -> bool:
    if movement.amount.minor <= 0:
        return False
    by_code = movement.gvc in _CAME_BACK or kind in _RETURN_FAMILIES
    return by_code or movement.return_reason is not None


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
            tight("".join(movement.remittance_lines)),
            movement.gvc,
        ]
    )


class StatementKeys:
    """Gives each movement of one statement its identity; `repeated` are references used twice."""

    def __init__(self, repeated: frozenset[bytes]) -> None:
        self._repeated = repeated
        self._seen: dict[bytes, int] = {}

    def of(self, movement: Movement) -> bytes:
        """The next movement's key, in the order of the statement."""
        reference = reference_key(movement)
        if reference is not None and reference not in self._repeated:
            return reference
        first = content_key(movement, 0)
        ordinal = self._seen.get(first, 0)
        self._seen[first] = ordinal + 1
        return content_key(movement, ordinal) if ordinal else first


_CREDITOR_REFERENCE = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}", re.ASCII)


def creditor_reference(text: str) -> str:
    """What a structured reference names: of a true RF reference (ISO 11649) the part after RFkk."""
    reference = text.replace(" ", "").upper()
    if not _CREDITOR_REFERENCE.fullmatch(reference):
        return text
    digits = "".join(str(int(sign, 36)) for sign in reference[4:] + reference[:4])
    return reference[4:] if int(digits) % 97 == 1 else text


def missing_sequences(known: Iterable[int], sequence: int) -> range:
    """Statement numbers between the last known one before `sequence` and itself.

    Empty when nothing earlier is known: then nobody can tell what is missing.
    """
    before = max((number for number in known if number < sequence), default=sequence)
    return range(before + 1, sequence)
