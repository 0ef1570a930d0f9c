"""finAPI's bookings in our words: pure, and every booking that can be read has a record (1.7).

The bank's own day counts, never finAPI's, which moves; it may lie ahead, with the amount in the
balance already. The purpose is one line, untouched (F092).
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from faktura.kernel.errors import AmountUnreadable
from faktura.plugin import BankTransaction, BookingStatus, FeedMovement
from faktura_finapi.messages import TransactionSaid

_NOTHING: Final = frozenset({"", "NONREF", "NOTPROVIDED"})
_RETURNED_DEBIT: Final = frozenset({"108", "109"})
_CAME_BACK: Final = frozenset({"159", "160", "181", "184"})
_DEBITS: Final = (
    frozenset({"104", "105", "171", "174", "192", "193", "195", "196"}) | _RETURNED_DEBIT
)
_CORRECTION: Final = "899"
_RETURN_KINDS: Final = frozenset({"UPDD", "PRDD", "RRTN", "ARET"})
# Domain, family, sub-family; which sign stands between them is not documented.
_BANK_CODE: Final = re.compile(r"([A-Z]{4})[-./ ]?([A-Z]{4})(?:[-./ ]?([A-Z]{4}))?")
_GVC: Final = re.compile(r"[0-9]{1,3}")
# Reasons of SEPA returns, rejects and refunds (external code list of ISO 20022).
_REASON: Final = re.compile(
    r"(?<![A-Z0-9])(AC0[1346]|AC13|AG0[12]|AM0[459]|BE05|CNOR|DNOR|DT01|ED05|FF01|FF05|FOCR|MD0[1267]"
    r"|MS0[23]|RC01|RR0[1234]|SL01|SL1[1-4]|TM01)(?![A-Z0-9])"
)


def movement(said: TransactionSaid, index: int, currencies: Mapping[str, str]) -> FeedMovement:
    """The booking as a record; `index` is its place in the reading, from 0.

    `currencies` are those of the accounts by id, for a booking that names none; raises
    AmountUnreadable where nobody says in which currency it is.
    """
    place = f"transaction {said.id}"
    currency = said.currency or currencies.get(said.accountId)
    if not currency:
        raise AmountUnreadable("nobody says in which currency the amount is", place=place)
    code, gvc = bank_code(said.bankTransactionCode), _gvc(said.typeCodeZka)
    went_back = _went_back(said.amount, code, gvc)
    purpose = said.purpose or ""
    record = BankTransaction(
        entry_index=index,
        place=place,
        status=BookingStatus.BOOKED,
        booked_on=said.bankBookingDate,
        value_on=said.valueDate,
        amount=said.amount,
        currency=currency,
        reversal=gvc == _CORRECTION,
        source_ref=said.id,
        end_to_end_id=_reference(said.endToEndReference),
        mandate_id=_reference(said.counterpartMandateReference),
        creditor_id=_reference(said.counterpartCreditorId),
        counterparty_name=said.counterpartName or None,
        counterparty_iban=_account(said),
        counterparty_bic=said.counterpartBic or None,
        ultimate_name=_ultimate(said, code, gvc),
        remittance_lines=(purpose,) if purpose else (),
        gvc=gvc,
        bank_code=code,
        purpose_code=said.sepaPurposeCode or None,
        instructed=None if said.originalAmount is None else abs(said.originalAmount),
        instructed_currency=None if said.originalAmount is None else said.originalCurrency,
        charges=_charges(said, currency),
        return_reason=return_reason(purpose) if went_back else None,
        return_text=(purpose,) if went_back and purpose else (),
        booking_text=said.type or None,
    )
    return FeedMovement(
        account=said.accountId, transaction=record, is_doubtful=said.isPotentialDuplicate
    )


def adjustment(said: TransactionSaid) -> str:
    """A line on what finAPI made up to fit a balance."""
    facts = (f"{said.bankBookingDate}", f"{said.amount}", said.currency, said.purpose)
    return f"{said.id}: {', '.join(fact for fact in facts if fact)}"


def bank_code(text: str | None) -> str | None:
    """The ISO code as PMNT/IDDT/UPDD, whatever stands between its parts; None for another text."""
    found = _BANK_CODE.fullmatch((text or "").strip().upper())
    return "/".join(part for part in found.groups() if part) if found else None


def return_reason(purpose: str) -> str | None:
    """The one reason code that the text names; None for none, and for several (1.7)."""
    found = {one.group(1) for one in _REASON.finditer(purpose.upper())}
    return found.pop() if len(found) == 1 else None


def _went_back(amount: Decimal, code: str | None, gvc: str | None) -> bool:
    """Whether the bank's codes say that a debit of ours, or a transfer of ours, came back."""
    if gvc is not None:
        return gvc in (_RETURNED_DEBIT if amount < 0 else _CAME_BACK)
    _, family, kind = f"{code or ''}//".split("/")[:3]
    return kind in _RETURN_KINDS and (amount > 0 or family == "IDDT")


def _gvc(text: str | None) -> str | None:
    code = (text or "").strip()
    # finAPI writes a number from 1 to 999.
    return code.zfill(3) if _GVC.fullmatch(code) else None


def _reference(text: str | None) -> str | None:
    return None if (text or "").strip().upper() in _NOTHING else text


def _ultimate(said: TransactionSaid, code: str | None, gvc: str | None) -> str | None:
    """For whom the other side paid or was paid: in debits finAPI has the two parties the other way."""
    _, family, _ = f"{code or ''}//".split("/")[:3]
    is_debit = gvc in _DEBITS or family.endswith("DDT")
    if said.amount > 0 and not is_debit:
        return said.differentDebitor or None
    return said.differentCreditor or None


def _account(said: TransactionSaid) -> str | None:
    iban = "".join((said.counterpartIban or "").split()).upper()
    return iban or (said.counterpartAccountNumber or "").strip() or None


def _charges(said: TransactionSaid, currency: str) -> Decimal | None:
    """What the bank took besides: of a return its compensation, else a fee in the same currency."""
    if said.compensationAmount is not None:
        return abs(said.compensationAmount)
    if said.feeAmount is not None and said.feeCurrency in (None, currency):
        return abs(said.feeAmount)
    return None
