"""Deposit and final invoices as drafts (F061, P19).

A deposit shows its VAT: net plus VAT is gross, or of a gross amount the net is computed out and VAT
is the rest. A final invoice charges the whole service with its whole VAT and deducts deposits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from faktura.domain.articles import Article, PickedPrice, Price
from faktura.domain.charges import Charge
from faktura.domain.contracts import BILLABLE, Contract
from faktura.domain.corrections import AT_ONCE
from faktura.domain.customers import Customer
from faktura.domain.deposit_facts import CreditPart, DeductedDeposit
from faktura.domain.invoices import DraftDocument, Original, VatTotal, vat_table
from faktura.domain.proration import WHOLE
from faktura.domain.tax import TaxDecision, decide
from faktura.domain.tenants import Tenant
from faktura.kernel.decimals import LIMIT, ONE
from faktura.kernel.errors import (
    FieldInvalid,
    FieldMissing,
    NegativeTotal,
    OutOfRange,
    TransitionRefused,
)
from faktura.kernel.money import Money, total
from faktura.kernel.periods import Period
from faktura.kernel.rounding import net_within, split
from faktura.kernel.terms import (
    ArticleUnit,
    ContractState,
    DocumentKind,
    DocumentLinkKind,
    Origin,
    TaxCategory,
)

_Rate = tuple[TaxCategory, Decimal]


@dataclass(frozen=True, slots=True)
class DepositPosition:
    """What a deposit is asked for: `amount` > 0, with VAT in it where `is_gross`, else on top."""

    article: Article
    amount: Money
    is_gross: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class DepositRequest:
    """A deposit to be invoiced on a day for a service that is expected in a period.

    `paid_by` are the parts of a payment without invoice that it is already paid by, and then it is
    due at once.
    """

    positions: tuple[DepositPosition, ...]
    issued_on: date
    service: Period
    paid_by: tuple[CreditPart, ...] = ()


def check_billable(contract: Contract) -> None:
    """Raise TransitionRefused for a contract on which nothing is owed (F005)."""
    if contract.state not in BILLABLE | {ContractState.ENDED}:
        raise TransitionRefused(
            f"contract {contract.number} is {contract.state}: nothing is billed on it (F005)",
            place="contract.state",
            mend="Activate the contract first"
            if contract.state is ContractState.DRAFT
            else "Use another contract of the customer",
        )


def deposit_draft(
    tenant: Tenant, contract: Contract, customer: Customer, request: DepositRequest
) -> DraftDocument:
    """The draft of a deposit invoice; it bills no activity (F061).

    Raises TransitionRefused, FieldMissing, FieldInvalid, OutOfRange, and TaxCaseMissing as `decide`.
    """
    check_billable(contract)
    _check(request.positions)
    taxes = [
        decide(
            tenant,
            customer.buyer,
            position.article.group.tax_group,
            position.article.supply,
            request.service.last_day,
        )
        for position in request.positions
    ]
    nets = _nets(request.positions, taxes, contract.currency)
    charges = tuple(
        _charge(contract, position, tax, net, request.service)
        for position, tax, net in zip(request.positions, taxes, nets, strict=True)
    )
    term = contract.payment_term or customer.payment_term or tenant.payment_term
    if request.paid_by:
        term = AT_ONCE
    vat = _vat(request.positions, charges, contract.currency)
    net = total([row.taxable for row in vat], contract.currency)
    tax_sum = total([row.tax for row in vat], contract.currency)
    return DraftDocument(
        DocumentKind.DEPOSIT,
        customer,
        contract,
        contract.currency,
        request.issued_on,
        term.due_on(request.issued_on),
        contract.payment_method or customer.payment_method,
        term,
        charges,
        vat,
        net,
        tax_sum,
        net + tax_sum,
        request.service,
        paid_by=request.paid_by,
    )


def _check(positions: Sequence[DepositPosition]) -> None:
    if not positions:
        raise FieldMissing("a deposit has no position", place="positions", mend="Give at least one")
    for no, position in enumerate(positions, 1):
        if position.amount.minor <= 0 or position.amount.decimal >= LIMIT:
            raise OutOfRange(
                f"a deposit of {position.amount}", place=f"positions.{no}", mend="Use more than 0"
            )
    if len({position.is_gross for position in positions}) > 1:
        # The VAT of a rate is either computed on top of its net or out of its gross amount.
        raise FieldInvalid(
            "net and gross amounts stand on one deposit",
            place="positions",
            mend="Give all amounts net, or all gross",
        )


def _nets(
    positions: Sequence[DepositPosition], taxes: Sequence[TaxDecision], currency: str
) -> list[Money]:
    """The net of each position; out of gross amounts once a rate, shared by cumulative rounding."""
    if not positions[0].is_gross:
        return [position.amount for position in positions]
    nets = [Money(0, currency)] * len(positions)
    for rate, gross in _gross_of(positions, taxes, currency).items():
        own = [no for no, tax in enumerate(taxes) if (tax.category, tax.rate) == rate]
        weights = [positions[no].amount.minor for no in own]
        for no, share in zip(own, split(net_within(gross, rate[1]), weights), strict=True):
            nets[no] = share
    return nets


def _vat(
    positions: Sequence[DepositPosition], charges: Sequence[Charge], currency: str
) -> tuple[VatTotal, ...]:
    rows = vat_table(charges, currency)
    if not positions[0].is_gross:
        return rows
    gross = _gross_of(positions, [charge.tax for charge in charges], currency)
    return tuple(replace(row, tax=gross[row.category, row.rate] - row.taxable) for row in rows)


def _gross_of(
    positions: Sequence[DepositPosition], taxes: Sequence[TaxDecision], currency: str
) -> dict[_Rate, Money]:
    found: dict[_Rate, Money] = {}
    for position, tax in zip(positions, taxes, strict=True):
        rate = tax.category, tax.rate
        found[rate] = found.get(rate, Money(0, currency)) + position.amount
    return found


def _charge(
    contract: Contract, position: DepositPosition, tax: TaxDecision, net: Money, service: Period
) -> Charge:
    # The text is German, and so is its decimal comma.
    amount = f"{position.amount.decimal:f}".replace(".", ",")
    gross = f"{amount} {contract.currency} brutto" if position.is_gross else ""
    return Charge(
        Origin.ONE_OFF,
        None,
        None,
        position.article,
        ONE,
        ONE,
        ArticleUnit.NONE,
        net.decimal,
        ONE,
        net,
        (),
        Money(0, contract.currency),
        net,
        tax,
        service,
        WHOLE,
        PickedPrice(Price(net.decimal, contract.currency), special=True),
        "\n".join(text for text in (position.text, gross) if text),
        contract_id=contract.id,
        costs=contract.costs or position.article.booked_costs,
    )


def final_draft(draft: DraftDocument, deposits: Sequence[DeductedDeposit]) -> DraftDocument:
    """An invoice over the whole service as the final invoice that deducts deposits (F061).

    Raises NegativeTotal where the deposits are more than the service costs.
    """
    gross = sum(deposit.gross for deposit in deposits)
    if gross > draft.gross.minor:
        deducted = Money(gross, draft.currency)
        raise NegativeTotal(
            f"deposits of {deducted} are more than the final invoice of {draft.gross} (F061)",
            place="deposits",
            mend="Correct a deposit first, or leave it out",
        )
    named = tuple(
        Original(
            one.document_id,
            one.number,
            one.issued_on,
            DocumentLinkKind.DEDUCTS,
            DocumentKind.DEPOSIT,
        )
        for one in deposits
    )
    return replace(draft, kind=DocumentKind.FINAL, originals=named, deposits=tuple(deposits))
