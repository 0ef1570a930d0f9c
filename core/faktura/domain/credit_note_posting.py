"""How settlement credit notes become journal entries: commission and input VAT (F066).

Whoever may deduct no input VAT (§ 19 Abs. 1 UStG) has the gross amount as a cost.
"""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

from faktura.domain.charges import cost_amounts
from faktura.domain.charts import account_of
from faktura.domain.document_entries import entry_of
from faktura.domain.invoices import DraftDocument
from faktura.domain.journal import Entry, Leg
from faktura.domain.tenants import Tenant
from faktura.kernel.money import Money
from faktura.kernel.rounding import percent_of
from faktura.kernel.terms import Side, Slot, TaxCase

_CostKey = tuple[TaxCase, Decimal, str, str | None, str | None, str | None]
_TaxKey = tuple[TaxCase, Decimal, str]


def credit_note_entry(
    tenant: Tenant, document: DraftDocument, *, document_id: UUID, number: str
) -> Entry | None:
    """Commission net and input VAT to the partner's account; a correction the other way round.

    None for nothing.
    """
    receivables = account_of(tenant.chart, tenant.accounts, Slot.RECEIVABLES)
    debtor, gross = document.customer.debtor_account, document.gross.minor
    owed = (
        [] if not gross else [Leg(Slot.RECEIVABLES, receivables, _side(gross), abs(gross), debtor)]
    )
    legs = (*owed, *_legs(tenant, document))
    return entry_of(document, legs, document_id=document_id, number=number)


def _side(minor: int) -> Side:
    """On the partner's account: what we owe is a credit."""
    return Side.DEBIT if minor > 0 else Side.CREDIT


def _legs(tenant: Tenant, document: DraftDocument) -> Iterator[Leg]:
    costs: dict[_CostKey, int] = {}
    for charge in document.charges:
        tax, own = charge.tax, charge.ledger_account
        for share, minor in cost_amounts(charge):
            key = tax.case, tax.rate, tax.country, own, share.centre, share.object
            costs[key] = costs.get(key, 0) + minor
    vats = _vat_by_case(document)
    for (case, rate, country, own, centre, cost_object), net in costs.items():
        # The VAT that nobody refunds is a part of the cost, of the first one of its rate.
        extra = vats.pop((case, rate, country), 0) if tenant.small_business else 0
        minor = net + extra
        untaxed = tenant.small_business
        account = own or account_of(
            tenant.chart, tenant.accounts, Slot.COMMISSION, case, rate, country
        )
        if minor:
            yield Leg(
                Slot.COMMISSION,
                account,
                _side(minor).other,
                abs(minor),
                None,
                None if untaxed else case,
                None if untaxed else rate,
                None if untaxed else country,
                centre,
                cost_object=cost_object,
            )
    for (case, rate, country), minor in vats.items():
        account = account_of(tenant.chart, tenant.accounts, Slot.INPUT_VAT, case, rate, country)
        if minor:
            side = _side(minor).other
            yield Leg(Slot.INPUT_VAT, account, side, abs(minor), None, case, rate, country)


def _vat_by_case(document: DraftDocument) -> dict[_TaxKey, int]:
    """The VAT of the table by tax case, by cumulative rounding where a rate has several."""
    found: dict[_TaxKey, int] = {}
    for row in document.vat:
        nets: dict[_TaxKey, int] = {}
        for charge in document.charges:
            tax = charge.tax
            if (tax.category, tax.rate) == (row.category, row.rate):
                key = tax.case, tax.rate, tax.country
                nets[key] = nets.get(key, 0) + charge.net.minor
        sofar, done, last = Money(0, document.currency), 0, list(nets)[-1]
        for key, minor in nets.items():
            sofar += Money(minor, document.currency)
            upto = row.tax.minor if key == last else percent_of(sofar, row.rate).minor
            found[key], done = upto - done, upto
    return found
