"""Bank movements: what kind of booking one is, and what its text says.

Sources: GVC and ISO bank transaction codes (DK list).
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum, unique

from faktura.domain.return_texts import end_to_end_in, is_about_return, mandate_in, said
from faktura.domain.tight_text import joined_remittance
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
    counterparty_name: str | None = None
    remittance_lines: tuple[str, ...] = ()
    structured_reference: str | None = None
    gvc: str | None = None
    bank_code: str | None = None
    instructed: Decimal | None = None
    instructed_currency: str | None = None
    charges: Decimal | None = None
    return_reason: str | None = None
    return_text: tuple[str, ...] = ()
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
    def told(self) -> str:
        """All that the bank says in words."""
        return said(self.remittance_lines, *self.return_text, self.booking_text)

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
# Costs, fees and commission of the bank.
_FEES = frozenset({"805", "807", "808", "809"})
# What we sent out, what others debited us with, the bank's own: there a text about a return is only
# a purpose.
_NO_DEBIT_OF_OURS = _BANKS_OWN | {
    *("104", "105", "106", "107", "116", "117", "118", "119", "122", "177", "191", "195"),
}
_SENT_OUT_FAMILIES = frozenset({"ICDT", "IRCT", "RDDT", "MDOP", "CCRD"})


def classify(movement: Movement) -> MovementClass:
    """The kind of booking, decided by the bank's codes first and its words last.

    A returned debit is a debit with a reason for the return, GVC 108 or 109, or IDDT/UPDD; else one
    whose text says so and names the debit.
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
    """In this order: a reason for the return, its GVC, its family, its text with a reference."""
    if movement.gvc in _FEES:
        # The bank's fee of a return repeats what the return says.
        return False
    if movement.return_reason is not None or movement.gvc in _RETURNED_DEBIT:
        return True
    if family == "IDDT" and kind in _RETURN_FAMILIES:
        return True
    if movement.gvc in _NO_DEBIT_OF_OURS or family in _SENT_OUT_FAMILIES:
        return False
    return is_about_return(movement.told) and _names_its_debit(movement)


def _names_its_debit(movement: Movement) -> bool:
    return any(
        (
            movement.end_to_end_id,
            movement.mandate_id,
            end_to_end_in(movement.told),
            mandate_in(movement.told),
        )
    )


def _came_back(movement: Movement, kind: str) -> bool:
    if movement.amount.minor <= 0:
        return False
    by_code = movement.gvc in _CAME_BACK or kind in _RETURN_FAMILIES
    return by_code or movement.return_reason is not None


_CREDITOR_REFERENCE = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}", re.ASCII)


def creditor_reference(text: str) -> str:
    """What a structured reference names: of a true RF reference (ISO 11649) the part after RFkk."""
    reference = text.replace(" ", "").upper()
    if not _CREDITOR_REFERENCE.fullmatch(reference):
        return text
    digits = "".join(str(int(sign, 36)) for sign in reference[4:] + reference[:4])
    return reference[4:] if int(digits) % 97 == 1 else text
