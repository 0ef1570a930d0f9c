"""The columns a journal file may have; one row is one leg."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from faktura.kernel.terms import Side
from faktura.plugin import JournalEntryData, LegData
from faktura_journal.entries import signed

Value = str | int | Decimal | date | datetime | None


class Kind(StrEnum):
    """What a cell holds; free text may be transliterated, a code never."""

    CODE = "CODE"
    FREE_TEXT = "FREE_TEXT"
    NUMBER = "NUMBER"
    AMOUNT = "AMOUNT"
    DAY = "DAY"
    MOMENT = "MOMENT"


@dataclass(frozen=True, slots=True)
class Row:
    """A leg with its entry and the name of its account."""

    entry: JournalEntryData
    leg: LegData
    account_name: str


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds and where it comes from; None is an empty cell.

    `of_leg` columns may differ from leg to leg of an entry.
    """

    kind: Kind
    value: Callable[[Row], Value]
    of_leg: bool = False


def _contra_accounts(row: Row) -> str:
    others = (leg.account for leg in row.entry.legs if leg.side is not row.leg.side)
    return " ".join(dict.fromkeys(others))


COLUMNS: Mapping[str, Column] = {
    "key": Column(Kind.CODE, lambda row: row.entry.key),
    "seq": Column(Kind.NUMBER, lambda row: row.entry.seq),
    "leg": Column(Kind.NUMBER, lambda row: row.leg.no, of_leg=True),
    "kind": Column(Kind.CODE, lambda row: row.entry.kind),
    "accounting_date": Column(Kind.DAY, lambda row: row.entry.booked_on),
    "value_date": Column(Kind.DAY, lambda row: row.entry.value_date),
    "recorded_at": Column(Kind.MOMENT, lambda row: row.entry.recorded_at),
    "account": Column(Kind.CODE, lambda row: row.leg.account, of_leg=True),
    "account_name": Column(Kind.FREE_TEXT, lambda row: row.account_name, of_leg=True),
    "contra_accounts": Column(Kind.CODE, _contra_accounts, of_leg=True),
    "debtor": Column(Kind.CODE, lambda row: row.leg.debtor, of_leg=True),
    "debit": Column(
        Kind.AMOUNT, lambda row: row.leg.amount if row.leg.side is Side.DEBIT else None, of_leg=True
    ),
    "credit": Column(
        Kind.AMOUNT,
        lambda row: row.leg.amount if row.leg.side is Side.CREDIT else None,
        of_leg=True,
    ),
    "amount": Column(Kind.AMOUNT, lambda row: signed(row.leg), of_leg=True),
    "currency": Column(Kind.CODE, lambda row: row.entry.currency),
    "slot": Column(Kind.CODE, lambda row: row.leg.slot, of_leg=True),
    "tax_case": Column(Kind.CODE, lambda row: row.leg.tax_case, of_leg=True),
    "tax_rate": Column(Kind.NUMBER, lambda row: row.leg.tax_rate, of_leg=True),
    "tax_country": Column(Kind.CODE, lambda row: row.leg.tax_country, of_leg=True),
    "buyer_vat_id": Column(Kind.CODE, lambda row: row.leg.buyer_vat_id, of_leg=True),
    "cost_centre": Column(Kind.CODE, lambda row: row.leg.cost_centre, of_leg=True),
    "cost_object": Column(Kind.CODE, lambda row: row.leg.cost_object, of_leg=True),
    "document_number": Column(Kind.CODE, lambda row: row.entry.document_number),
    "document_kind": Column(Kind.CODE, lambda row: row.entry.document_kind),
    "customer_number": Column(Kind.CODE, lambda row: row.entry.customer_number),
    "customer_name": Column(Kind.FREE_TEXT, lambda row: row.entry.customer_name),
    "text": Column(Kind.FREE_TEXT, lambda row: row.entry.text),
    "due_on": Column(Kind.DAY, lambda row: row.entry.due_on),
    "service_month": Column(Kind.DAY, lambda row: row.entry.service_month),
    "mandate": Column(Kind.CODE, lambda row: row.entry.mandate),
    "reverses_key": Column(Kind.CODE, lambda row: row.entry.reverses_key),
    "created_by": Column(Kind.CODE, lambda row: row.entry.created_by),
    "document_link": Column(Kind.CODE, lambda row: _text(row.entry.document_link)),
    "sha256": Column(Kind.CODE, lambda row: row.entry.sha256 or None),
}
"""Every column by the name people choose it by; it is also the heading."""

DEFAULT_COLUMNS = (
    "key", "seq", "leg", "kind", "accounting_date", "value_date", "recorded_at", "account",
    "account_name", "contra_accounts", "debtor", "debit", "credit", "currency", "tax_case",
    "tax_rate", "tax_country", "cost_centre", "cost_object", "document_number", "customer_number",
    "customer_name", "text", "due_on", "reverses_key",
)  # fmt: skip
"""The columns of who chose none."""


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)
