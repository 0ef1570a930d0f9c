"""The tables of the data carrier: what an auditor gets, under the names that the auditor uses."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from faktura.kernel.clock import zone
from faktura.kernel.money import Money
from faktura.kernel.terms import Side
from faktura.plugin import (
    AccountData,
    ExportBatch,
    ExportSource,
    JournalEntryData,
    LegData,
)
from faktura_journal.entries import checked_entries

Cell = str | int | Decimal | date | None


class Form(StrEnum):
    """The three kinds of column that the description standard knows."""

    TEXT = "AlphaNumeric"
    NUMBER = "Numeric"
    DAY = "Date"


class Field(NamedTuple):
    """A column: its name and what it holds."""

    name: str
    form: Form = Form.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """A file of the data carrier; its first `keys` columns are the primary key.

    `references` says which columns are the key of another table, by that table's name. `rows` reads
    from the start; a row has a cell for each column.
    """

    url: str
    name: str
    description: str
    fields: tuple[Field, ...]
    rows: Callable[["Carrier"], Iterator[tuple[Cell, ...]]]
    keys: int = 1
    references: tuple[tuple[str, str], ...] = ()


class Carrier:
    """The source of all tables; accounts that a row names are known afterwards."""

    def __init__(self, batch: ExportBatch, source: ExportSource) -> None:
        self.batch = batch
        self.source = source
        self.keys: list[str] = []
        self.accounts: set[str] = set()

    def entries(self) -> Iterator[JournalEntryData]:
        """The entries, checked, from the start."""
        return checked_entries(self.batch, self.source)


def _journal(carrier: Carrier) -> Iterator[tuple[Cell, ...]]:
    local = zone(carrier.batch.time_zone)
    for entry in carrier.entries():
        carrier.keys.append(entry.key)
        yield (
            entry.seq, entry.key, entry.kind, entry.booked_on, entry.value_date,
            _moment(entry.recorded_at.astimezone(local)), entry.text, entry.document_number,
            entry.document_kind, entry.due_on, entry.customer_number, entry.customer_name,
            entry.currency, entry.service_month, entry.mandate, entry.created_by, entry.sha256,
        )  # fmt: skip


def _legs(carrier: Carrier) -> Iterator[tuple[Cell, ...]]:
    for entry in carrier.entries():
        for leg in entry.legs:
            carrier.accounts.add(leg.account)
            yield (
                entry.seq, leg.no, leg.account, leg.debtor, *_sides(leg, entry.currency),
                entry.currency, leg.tax_case, leg.tax_rate, leg.tax_country, leg.buyer_vat_id,
                leg.cost_centre, leg.cost_object,
            )  # fmt: skip


def _accounts(carrier: Carrier) -> Iterator[tuple[Cell, ...]]:
    """Those of the source, then those that only a row names: no reference may hang in the air."""
    unnamed = set(carrier.accounts)
    for account in carrier.source.accounts():
        unnamed.discard(account.number)
        yield _account(account)
    for number in sorted(unnamed):
        yield _account(AccountData(number=number))


def _account(account: AccountData) -> tuple[Cell, ...]:
    return account.number, account.name


def _debtors(carrier: Carrier) -> Iterator[tuple[Cell, ...]]:
    if not carrier.batch.options.debtors:
        return
    for debtor in carrier.source.debtors():
        yield (
            debtor.account, debtor.customer_number, debtor.company, debtor.first_name,
            debtor.last_name, debtor.street, debtor.additional, debtor.postcode, debtor.city,
            debtor.country, debtor.vat_id, debtor.due_days,
        )  # fmt: skip


def _documents(carrier: Carrier) -> Iterator[tuple[Cell, ...]]:
    for one in carrier.source.documents():
        amounts = (_exact(amount, one.currency) for amount in (one.net, one.vat, one.gross))
        yield (
            one.number, one.kind, one.issued_on, one.due_on, one.customer_number, one.currency,
            *amounts, one.sha256,
        )  # fmt: skip


def _changes(carrier: Carrier) -> Iterator[tuple[Cell, ...]]:
    for entry in carrier.entries():
        if entry.reverses_key is not None:
            yield entry.seq, entry.key, entry.reverses_key, entry.booked_on, entry.text


def _sides(leg: LegData, currency: str) -> tuple[Cell, Cell]:
    amount = _exact(leg.amount, currency)
    return (amount, None) if leg.side is Side.DEBIT else (None, amount)


def _exact(amount: Decimal, currency: str) -> Decimal:
    return Money.from_decimal(amount, currency).decimal


def _moment(at: datetime) -> str:
    return f"{at:%d.%m.%Y %H:%M:%S}"


def _fields(*given: Any) -> tuple[Field, ...]:
    return tuple(Field(one) if isinstance(one, str) else Field(*one) for one in given)


TABLES = (
    Table(
        "journal.csv",
        "Journal",
        "Buchungen in der Reihenfolge ihres Buchungsdatums",
        _fields(
            ("Buchungsnummer", Form.NUMBER), "Schlüssel", "Art", ("Buchungsdatum", Form.DAY),
            ("Wertstellung", Form.DAY), "Erfasst am", "Buchungstext", "Belegnummer", "Belegart",
            ("Fällig am", Form.DAY), "Kundennummer", "Kunde", "Währung",
            ("Leistungsmonat", Form.DAY), "Mandatsreferenz", "Erfasst von", "SHA-256",
        ),
        _journal,
        references=(("Belegnummer", "Belege"),),
    ),
    Table(
        "legs.csv",
        "Buchungszeilen",
        "Soll- und Habenzeilen der Buchungen",
        _fields(
            ("Buchungsnummer", Form.NUMBER), ("Zeile", Form.NUMBER), "Konto", "Personenkonto",
            ("Soll", Form.NUMBER), ("Haben", Form.NUMBER), "Währung", "Steuerfall",
            ("Steuersatz", Form.NUMBER), "Steuerland", "USt-IdNr des Empfängers", "Kostenstelle",
            "Kostenträger",
        ),
        _legs,
        keys=2,
        references=(
            ("Buchungsnummer", "Journal"),
            ("Konto", "Sachkonten"),
            ("Personenkonto", "Debitoren"),
        ),
    ),
    Table(
        "accounts.csv",
        "Sachkonten",
        "Sachkonten mit ihren Bezeichnungen",
        _fields("Konto", "Bezeichnung"),
        _accounts,
    ),
    Table(
        "debtors.csv",
        "Debitoren",
        "Kunden, die die Buchungen betreffen",
        _fields(
            "Personenkonto", "Kundennummer", "Firma", "Vorname", "Nachname", "Straße", "Zusatz",
            "Postleitzahl", "Ort", "Land", "USt-IdNr", ("Zahlungsziel in Tagen", Form.NUMBER),
        ),
        _debtors,
    ),
    Table(
        "documents.csv",
        "Belege",
        "Ausgestellte Belege, die die Buchungen betreffen",
        _fields(
            "Belegnummer", "Belegart", ("Belegdatum", Form.DAY), ("Fällig am", Form.DAY),
            "Kundennummer", "Währung", ("Netto", Form.NUMBER), ("Umsatzsteuer", Form.NUMBER),
            ("Brutto", Form.NUMBER), "SHA-256",
        ),
        _documents,
    ),
    Table(
        "changes.csv",
        "Änderungen",
        "Buchungen, die eine andere aufheben",
        _fields(
            ("Buchungsnummer", Form.NUMBER), "Schlüssel", "Schlüssel der aufgehobenen Buchung",
            ("Buchungsdatum", Form.DAY), "Buchungstext",
        ),
        _changes,
        references=(("Buchungsnummer", "Journal"),),
    ),
)  # fmt: skip
"""In the order in which they are written: accounts after the rows that name them."""
