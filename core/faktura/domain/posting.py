"""How facts become journal entries: invoices, payments, returned debits.

A zero amount has no leg; a negative one changes its side. So corrections and invoices with
negative lines post by the same rules.
"""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from faktura.domain.charts import account_of
from faktura.domain.credit_note_posting import credit_note_entry
from faktura.domain.deposit_postings import is_of_deposit, request_entry
from faktura.domain.document_entries import entry_of
from faktura.domain.document_kinds import SELF_BILLED
from faktura.domain.invoices import DraftDocument
from faktura.domain.journal import Entry, Leg, checked
from faktura.domain.revenue_legs import revenue_legs
from faktura.domain.tenants import Tenant
from faktura.kernel.money import Money
from faktura.kernel.rounding import percent_of
from faktura.kernel.terms import EntryKind, Side, Slot, TaxCase


@dataclass(frozen=True, slots=True)
class Settlement:
    """Money that settles (or no longer settles) one document.

    `bank_account` is the ledger account of the bank account `bank_iban`, None while it is missing
    (F106). Without an IBAN the money is at a provider: on its way to us (`TRANSIT`).
    """

    key: str
    document_id: UUID | None
    document_number: str
    customer_id: UUID
    debtor: str
    amount: Money
    value_date: date
    bank_account: str | None
    bank_iban: str


def _bank(settlement: Settlement, side: Side) -> Leg:
    """Where the money is. A bank account is named, so that a missing ledger account can be found."""
    minor = settlement.amount.minor
    return Leg(
        Slot.BANK if settlement.bank_iban else Slot.TRANSIT,
        settlement.bank_account,
        side if minor > 0 else side.other,
        abs(minor),
        bank_iban=settlement.bank_iban or None,
    )


def _leg(slot: Slot, account: str | None, side: Side, minor: int, debtor: str | None = None) -> Leg:
    """A leg whose amount is positive: a negative one stands on the other side."""
    return Leg(slot, account, side if minor > 0 else side.other, abs(minor), debtor)


def document_entry(
    tenant: Tenant, document: DraftDocument, *, document_id: UUID, number: str
) -> Entry | None:
    """The entry of a document when it is issued; None for nothing.

    A correction takes back what the document that it corrects booked.
    """
    if document.kind in SELF_BILLED:
        return credit_note_entry(tenant, document, document_id=document_id, number=number)
    if is_of_deposit(document):
        return request_entry(tenant, document, document_id=document_id, number=number)
    return invoice_entry(tenant, document, document_id=document_id, number=number)


def invoice_entry(
    tenant: Tenant, document: DraftDocument, *, document_id: UUID, number: str
) -> Entry | None:
    """Receivable gross to revenue net per account and VAT per case and rate; None for nothing.

    The VAT of a rate that stands in several cases is split between them by cumulative rounding. It
    sums to the VAT of the document's table: what corrections take back adds up to their original's.
    """
    legs: list[Leg] = []
    receivables = account_of(tenant.chart, tenant.accounts, Slot.RECEIVABLES)
    if document.gross:
        debtor = document.customer.debtor_account
        legs.append(_leg(Slot.RECEIVABLES, receivables, Side.DEBIT, document.gross.minor, debtor))
    legs.extend(revenue_legs(tenant, document.charges))
    legs.extend(_vat_legs(tenant, document))
    return entry_of(document, legs, document_id=document_id, number=number)


def _vat_legs(tenant: Tenant, document: DraftDocument) -> list[Leg]:
    legs = []
    for row in document.vat:
        nets: dict[tuple[TaxCase, str], int] = {}
        for charge in document.charges:
            if (charge.tax.category, charge.tax.rate) == (row.category, row.rate):
                key = charge.tax.case, charge.tax.country
                nets[key] = nets.get(key, 0) + charge.net.minor
        net, done, last = Money(0, document.currency), 0, list(nets)[-1:]
        for key, minor in nets.items():
            case, country = key
            net += Money(minor, document.currency)
            upto = row.tax.minor if [key] == last else percent_of(net, row.rate).minor
            if upto != done:
                account = account_of(
                    tenant.chart, tenant.accounts, Slot.VAT, case, row.rate, country
                )
                side = Side.CREDIT if upto > done else Side.DEBIT
                tax = abs(upto - done)
                legs.append(Leg(Slot.VAT, account, side, tax, None, case, row.rate, country))
            done = upto
    return legs


def payment_entry(tenant: Tenant, settlement: Settlement) -> Entry:
    """Bank to receivable; a negative amount (we paid a credit out) the other way round."""
    receivables = account_of(tenant.chart, tenant.accounts, Slot.RECEIVABLES)
    minor = settlement.amount.minor
    return _settlement_entry(
        settlement,
        EntryKind.PAYMENT,
        f"Zahlung {settlement.document_number}",
        _bank(settlement, Side.DEBIT),
        _leg(Slot.RECEIVABLES, receivables, Side.CREDIT, minor, settlement.debtor),
    )


def refund_entry(tenant: Tenant, settlement: Settlement) -> Entry:
    """Receivable to bank: credit that we paid out; `document_number` says whose or of what."""
    receivables = account_of(tenant.chart, tenant.accounts, Slot.RECEIVABLES)
    minor = settlement.amount.minor
    return _settlement_entry(
        settlement,
        EntryKind.REFUND,
        f"Erstattung {settlement.document_number}",
        _leg(Slot.RECEIVABLES, receivables, Side.DEBIT, minor, settlement.debtor),
        _bank(settlement, Side.CREDIT),
    )


def return_entry(tenant: Tenant, settlement: Settlement, *, reverses_key: str) -> Entry:
    """A returned debit: the receivable lives again, the bank has paid it back (F095)."""
    return _taken_back(tenant, settlement, EntryKind.RETURN, "Rücklastschrift", reverses_key)


def chargeback_entry(
    tenant: Tenant, settlement: Settlement, *, reverses_key: str | None = None
) -> Entry:
    """A payment that a provider took back: the receivable lives again (F095, P33)."""
    return _taken_back(tenant, settlement, EntryKind.CHARGEBACK, "Rückbelastung", reverses_key)


def _taken_back(
    tenant: Tenant, settlement: Settlement, kind: EntryKind, word: str, reverses_key: str | None
) -> Entry:
    receivables = account_of(tenant.chart, tenant.accounts, Slot.RECEIVABLES)
    minor = settlement.amount.minor
    return _settlement_entry(
        settlement,
        kind,
        f"{word} {settlement.document_number}",
        _leg(Slot.RECEIVABLES, receivables, Side.DEBIT, minor, settlement.debtor),
        _bank(settlement, Side.CREDIT),
        reverses_key=reverses_key,
    )


def return_fee_entry(tenant: Tenant, settlement: Settlement) -> Entry:
    """The bank's fee of a return is a cost of payment traffic: 4970 or 6855 (F095, G8)."""
    return _fee(tenant, settlement, EntryKind.RETURN_FEE, "Gebühr Rücklastschrift")


def provider_fee_entry(tenant: Tenant, settlement: Settlement) -> Entry:
    """What a provider keeps of a payment is a cost of payment traffic: 4970 or 6855 (F095)."""
    return _fee(tenant, settlement, EntryKind.PROVIDER_FEE, "Gebühr Zahlung")


def _fee(tenant: Tenant, settlement: Settlement, kind: EntryKind, word: str) -> Entry:
    fees = account_of(tenant.chart, tenant.accounts, Slot.BANK_FEES)
    minor = settlement.amount.minor
    return _settlement_entry(
        settlement,
        kind,
        f"{word} {settlement.document_number}",
        _leg(Slot.BANK_FEES, fees, Side.DEBIT, minor),
        _bank(settlement, Side.CREDIT),
    )


def reversing_entry(entry: Entry, key: str, on: date, kind: EntryKind, text: str) -> Entry:
    """The entry that takes another one back: the same legs, each on the other side (P25)."""
    legs = tuple(replace(leg, side=leg.side.other) for leg in entry.legs)
    return replace(
        entry, key=key, kind=kind, value_date=on, text=text, legs=legs, reverses_key=entry.key
    )


def _settlement_entry(
    settlement: Settlement,
    kind: EntryKind,
    text: str,
    *legs: Leg,
    reverses_key: str | None = None,
) -> Entry:
    return checked(
        Entry(
            settlement.key,
            kind,
            settlement.value_date,
            settlement.amount.currency,
            text,
            legs,
            settlement.document_id,
            settlement.customer_id,
            reverses_key,
        )
    )
