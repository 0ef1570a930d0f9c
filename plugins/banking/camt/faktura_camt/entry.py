"""The head of an entry: what all its details share."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from faktura.kernel.errors import FieldMissing, UnknownTerm, shortened
from faktura.plugin import BookingStatus
from faktura_camt.amount_details import AmountDetails, read_amount_details, read_charges
from faktura_camt.amounts import Amount, flag_from_text, sign_from_text
from faktura_camt.bank_code import BankCode, bank_code, code_paths
from faktura_camt.dates import day_from_text
from faktura_camt.found import Found
from faktura_camt.shape import Fields

_STATUS = {
    "BOOK": BookingStatus.BOOKED,
    "PDNG": BookingStatus.PENDING,
    "INFO": BookingStatus.INFO,
    "FUTR": BookingStatus.FUTURE,
}


class Kind(NamedTuple):
    """What the entries of a day have in common."""

    sign: int
    status: BookingStatus
    booked_on: date
    value_on: date | None
    reversal: bool
    code: BankCode


_KIND_PATHS = {
    **code_paths(),
    "sign": ("CdtDbtInd",),
    "booked_on": ("BookgDt/Dt", "BookgDt/DtTm"),
    "value_on": ("ValDt/Dt", "ValDt/DtTm"),
    "reversal": ("RvslInd",),
}
# A word in version .02, a word in Cd since .04.
_KIND_02 = Fields({**_KIND_PATHS, "status": ("Sts",)})
_KIND = Fields({**_KIND_PATHS, "status": ("Sts/Cd",)})


class EntryHead(NamedTuple):
    """`amount` is signed; `charges` is the net cost booked on the entry itself."""

    amount: Amount
    kind: Kind
    details: AmountDetails
    charges: Decimal | None


def read_entry_head(found: Found) -> EntryHead:
    """Read what stands in Ntry before its details."""
    amount = found.required_amount("Amt")
    kind = found.remembered(_KIND if "Sts/Cd" in found.shape.paths else _KIND_02, _kind)
    return EntryHead(
        amount if kind.sign > 0 else Amount(-amount.value, amount.currency),
        kind,
        read_amount_details(found),
        read_charges(found, amount.currency),
    )


def _kind(texts: Mapping[str, str]) -> Kind:
    """From untouched texts: the sign is exact, blanks included."""
    status = _status(texts.get("status", "").strip())
    value_on = day_from_text(texts["value_on"], "ValDt") if "value_on" in texts else None
    booked_on = day_from_text(texts["booked_on"], "BookgDt") if "booked_on" in texts else None
    if booked_on is None and status is not BookingStatus.BOOKED:
        booked_on = value_on  # a preview has no booking day yet
    if booked_on is None:
        raise FieldMissing("the entry has no booking date", place="BookgDt")
    return Kind(
        sign=sign_from_text(texts.get("sign")),
        status=status,
        booked_on=booked_on,
        value_on=value_on,
        reversal=flag_from_text(texts.get("reversal"), default=False, place="RvslInd"),
        code=bank_code(texts),
    )


def _status(word: str) -> BookingStatus:
    status = _STATUS.get(word)
    if status is None:
        raise UnknownTerm(
            f"“{shortened(word)}” is no entry status",
            place="Sts",
            mend="Known are BOOK, PDNG, INFO and FUTR",
        )
    return status
