"""A booking as the library reads it becomes a bank transaction; pure and total."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from faktura.kernel.errors import AmountUnreadable, DateUnreadable, shortened
from faktura.plugin import BankTransaction, BookingStatus
from faktura_mt940.details import Details, read_details

# /OCMT/ is the original amount, /CHGS/ the charges of a return; the older words stand in field 86.
_EXTRA = re.compile(
    r"/(?P<word>OCMT|CHGS)/(?P<currency>[A-Z]{3})(?P<amount>[0-9]+,[0-9]*)", re.ASCII
)
_OLDER = re.compile(r"(?P<currency>[A-Z]{3})?(?P<amount>[0-9]+,[0-9]*)", re.ASCII)
_AMOUNT = re.compile(r"[0-9]{1,12},[0-9]{0,5}", re.ASCII)
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII)
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", re.ASCII)
_NOTHING = frozenset({"", "NONREF", "NOTPROVIDED"})


def checked_amount(text: str, *, place: str) -> None:
    """Refuse an amount that is not digits, one comma, digits: nobody guesses what was meant."""
    if not _AMOUNT.fullmatch(text):
        raise AmountUnreadable(
            f"“{shortened(text)}” is no amount such as 119,00",
            place=place,
            mend="Ask the bank for a correct file",
        )


def checked_days(value: str, entry: str, *, place: str) -> None:
    """Refuse a day of value YYMMDD or of booking MMDD, empty for none, that no calendar has."""
    # The year of a booking is not told, so that the 29th of February may be one.
    for year, day in ((f"20{value[:2]}", value[2:]), ("2000", entry)):
        try:
            if day:
                date(int(year), int(day[:2]), int(day[2:]))
        except ValueError:
            raise DateUnreadable(
                f"“{day}” is no month and day",
                place=place,
                mend="Ask the bank for a correct file",
            ) from None


def to_transaction(
    data: Mapping[str, Any], currency: str, index: int, place: str
) -> BankTransaction:
    """One booking; raises DateUnreadable where the day of booking is none."""
    details = read_details(data.get("transaction_details") or "")
    value_on = _day(data.get("date"), place)
    booked_on = _day(data.get("entry_date"), place) if data.get("entry_date") else value_on
    original, charges, original_currency = _return_amounts(data.get("extra_details") or "", details)
    return BankTransaction(
        entry_index=index,
        place=place,
        status=BookingStatus.BOOKED,
        booked_on=booked_on,
        value_on=value_on,
        amount=data["amount"].amount,
        currency=currency,
        reversal=data["status"].upper().startswith("R"),
        source_ref=_given(data.get("bank_reference")),
        end_to_end_id=_given(details.sepa.get("EREF")),
        mandate_id=_given(details.sepa.get("MREF")),
        creditor_id=_given(details.sepa.get("CRED")),
        counterparty_name=details.name or None,
        counterparty_iban=_account(details),
        counterparty_bic=details.bank if _BIC.fullmatch(details.bank) else None,
        ultimate_name=_given(details.sepa.get("ABWA")),
        remittance_lines=details.remittance,
        gvc=details.gvc or None,
        instructed=original,
        instructed_currency=original_currency if original is not None else None,
        charges=charges,
        booking_text=details.booking_text or None,
    )


def _day(found: Any, place: str) -> date:
    if not isinstance(found, date):
        raise DateUnreadable(
            "a booking has no day", place=place, mend="Ask the bank for a correct file"
        )
    return date(found.year, found.month, found.day)


def _given(text: str | None) -> str | None:
    cleaned = (text or "").strip()
    return None if cleaned in _NOTHING else cleaned


def _account(details: Details) -> str | None:
    for text in (details.account, details.sepa.get("IBAN", "")):
        account = text.replace(" ", "").upper()
        if _IBAN.fullmatch(account):
            return account
    return details.account.strip() or None


def _return_amounts(extra: str, details: Details) -> tuple[Decimal | None, Decimal | None, str]:
    """The original amount and the charges of a return, and the original's currency."""
    found = {match["word"]: match for match in _EXTRA.finditer(extra.replace("\n", ""))}
    for word, older in (("OCMT", "OAMT"), ("CHGS", "COAM")):
        match = _OLDER.fullmatch(details.sepa.get(older, ""))
        if word not in found and match is not None:
            found[word] = match
    original, charges = found.get("OCMT"), found.get("CHGS")
    return (
        None if original is None else _decimal(original["amount"]),
        None if charges is None else _decimal(charges["amount"]),
        "EUR" if original is None or not original["currency"] else original["currency"],
    )


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))
