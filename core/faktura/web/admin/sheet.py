"""What a kind of document has on its sheet: its originals, its deposits, how it is settled (F061, F066)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from faktura.domain.deposit_facts import DeductedDeposit, DepositShare, deducted_deposits
from faktura.domain.deposit_table import deducted_total
from faktura.domain.document_kinds import CORRECTING, KINDS, SELF_BILLED, WITHOUT_LINES
from faktura.domain.documents import DocumentRecord
from faktura.kernel.money import Money
from faktura.kernel.terms import DocumentKind, DocumentLinkKind, PaymentMethod
from faktura.web import formats
from faktura.web.language import Language
from faktura.web.texts import text

_INVOICES = frozenset({DocumentKind.INVOICE, DocumentKind.DEPOSIT, DocumentKind.FINAL})
_SETTLED_BY_ACCOUNT = CORRECTING | SELF_BILLED


@dataclass(frozen=True, slots=True)
class Deduction:
    """A deposit that a final invoice deducts: `amount` is its gross, negative as it is printed."""

    title: str
    details: tuple[str, ...]
    amount: Money


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is not on the sheet of every kind.

    `flipped` kinds print what they take off as positive. `is_invoice` is false for an opening item
    and for charges of dunning, which have neither lines nor a service. `rest` is what deposits leave to be paid, `rest_parts` its
    net and VAT.
    """

    date_label: str
    flipped: bool
    is_invoice: bool
    originals: tuple[str, ...]
    deductions: tuple[Deduction, ...]
    rest: Money
    rest_parts: str
    terms: str


def sheet(record: DocumentRecord, language: Language) -> Sheet:
    """The sheet of a frozen document, from what was stored with it alone."""
    deposits = deducted_deposits(record.snapshot)
    rest = record.gross - deducted_total(record.snapshot, record.currency)
    return Sheet(
        text(language, "invoice.date" if record.kind in _INVOICES else "list.date"),
        KINDS[record.kind].printed_positive,
        record.kind not in WITHOUT_LINES,
        _originals(record, language),
        tuple(_deduction(one, record.currency, language) for one in deposits),
        rest,
        _rest_parts(record, deposits, language),
        _terms(record, rest if deposits else None, language),
    )


def _originals(record: DocumentRecord, language: Language) -> tuple[str, ...]:
    """`zur Rechnung RE-000001 vom 01.10.2026`; deposits are named where they are deducted."""
    self_billed = record.kind in SELF_BILLED
    words = {
        DocumentLinkKind.CORRECTS: "original.credit_note" if self_billed else "original.invoice",
        DocumentLinkKind.REBILLS: "original.replaced",
    }
    given = cast("Sequence[Mapping[str, str]]", record.snapshot.get("preceding", ()))
    return tuple(
        text(
            language,
            words[DocumentLinkKind(one["why"])],
            number=one["number"],
            day=formats.day(date.fromisoformat(one["issuedOn"]), language),
        )
        for one in given
        if one["why"] != DocumentLinkKind.DEDUCTS
    )


def _deduction(deposit: DeductedDeposit, currency: str, language: Language) -> Deduction:
    title = text(
        language,
        "deposit.deducted",
        number=deposit.number,
        day=formats.day(deposit.issued_on, language),
    )
    received = text(language, "deposit.received", day=formats.day(deposit.received_on, language))
    shares = [_share(share, currency, language) for share in deposit.shares]
    return Deduction(title, (*shares, received), -Money(deposit.gross, currency))


def _share(share: DepositShare, currency: str, language: Language) -> str:
    return text(
        language,
        "deposit.share",
        net=formats.money(Money(share.net, currency), language),
        rate=formats.percent(share.taxed.rate, language),
        tax=formats.money(Money(share.tax, currency), language),
    )


def _rest_parts(
    record: DocumentRecord, deposits: Sequence[DeductedDeposit], language: Language
) -> str:
    shares = [share for deposit in deposits for share in deposit.shares]
    net = record.net - Money(sum(share.net for share in shares), record.currency)
    tax = record.tax - Money(sum(share.tax for share in shares), record.currency)
    return text(
        language,
        "deposit.rest_parts",
        net=formats.money(net, language),
        tax=formats.money(tax, language),
    )


def _terms(record: DocumentRecord, rest: Money | None, language: Language) -> str:
    """When and how it is to be paid; `rest` is what deposits leave, None where there are none."""
    if record.kind is DocumentKind.OPENING:
        return ""
    if record.kind in _SETTLED_BY_ACCOUNT:
        return text(language, "invoice.to_account")
    day = formats.day(record.due_on, language)
    collected = record.snapshot["paymentMethod"] == PaymentMethod.SEPA_DEBIT
    if rest is None:
        return text(language, "invoice.terms_debit" if collected else "invoice.terms", day=day)
    if not rest:
        return text(language, "deposit.nothing_left")
    words = "deposit.terms_debit" if collected else "deposit.terms"
    return text(language, words, amount=formats.money(rest, language), day=day)
