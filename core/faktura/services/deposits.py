"""Deposits as acts: asked for, made out of a payment without invoice, listed (F061, P19)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from faktura.domain.contracts import Contract
from faktura.domain.deposit_facts import CreditPart
from faktura.domain.deposits import DepositPosition, DepositRequest, deposit_draft
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.errors import FieldInvalid, OutOfRange, TransitionRefused
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.services.billing_runs import check_run_date
from faktura.services.imports.deposit_fields import (
    DepositFields,
    DepositPositionFields,
    ReceiptDepositFields,
    ServicePeriodFields,
)
from faktura.services.imports.offer import Offer, read_offer
from faktura.services.issuing import Desk, issue
from faktura.services.visible_contracts import locked_contracts, visible_contract
from faktura.store.customers import read_customers_by_id
from faktura.store.deposits import DepositState, deposit_ids, read_deposits
from faktura.store.facts import FrozenDocument
from faktura.store.free_credit import Credit, free_credit
from faktura.store.transaction import Tx

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The locked contract that a deposit is for, what its project sells, and the invoice date."""

    contract: Contract
    offer: Offer
    on: date


def request_deposit(
    tx: Tx,
    desk: Desk,
    number: str,
    given: DepositFields,
    projects: Collection[UUID] | None = None,
) -> FrozenDocument:
    """Issue a deposit invoice on a contract: a claim without revenue, whose VAT falls due when paid.

    Raises NotFound, TransitionRefused, FieldInvalid, FieldMissing, OutOfRange, and what cannot be
    taxed or issued; nothing is written then.
    """
    contract = locked_contracts(tx, [number], projects)[0]
    offer = read_offer(tx, articles=[one.article_number for one in given.positions])
    asked = _Asked(contract, offer, invoice_day(tx, desk.tenant, given.date))
    positions = tuple(
        _position(asked, one, f"positions.{no}") for no, one in enumerate(given.positions, 1)
    )
    request = DepositRequest(positions, asked.on, service_period(given, asked.on))
    return _issued(tx, desk, asked, request)


def deposit_from_receipt(
    tx: Tx,
    desk: Desk,
    number: str,
    given: ReceiptDepositFields,
    projects: Collection[UUID] | None = None,
) -> FrozenDocument:
    """Make credit of a payment without invoice a deposit, paid at once; its VAT is due since then.

    Raises as `request_deposit`, and TransitionRefused where that day's payments left less credit.
    """
    contract = locked_contracts(tx, [number], projects)[0]
    offer = read_offer(tx, articles=[given.article_number])
    asked = _Asked(contract, offer, invoice_day(tx, desk.tenant, None))
    amount = Money.from_decimal(given.amount, contract.currency, field="amount")
    credit = free_credit(tx, contract.customer_id, contract.currency)
    position = DepositPosition(
        offer.article(given.article_number, contract.project_id),
        amount,
        is_gross=True,
        text=given.text,
    )
    request = DepositRequest(
        (position,),
        asked.on,
        Period(given.received_on, given.received_on + _DAY),
        _spent(contract, credit, amount, given.received_on),
    )
    return _issued(tx, desk, asked, request)


def list_deposits(
    tx: Tx, number: str, projects: Collection[UUID] | None = None
) -> list[DepositState]:
    """The deposit invoices of a contract by number; raises NotFound as `visible_contract`."""
    contract = visible_contract(tx, number, projects)
    return read_deposits(tx, deposit_ids(tx, contract.id))


def invoice_day(tx: Tx, tenant: Tenant, given: date | None) -> date:
    """The invoice date: today where none is given; raises OutOfRange for one too far ahead."""
    today = local_date(tx.clock, tenant.time_zone)
    check_run_date(given or today, today, field="date")
    return given or today


def service_period(given: ServicePeriodFields, on: date) -> Period:
    """The service period that is given; left out, the invoice date. Raises OutOfRange."""
    start = given.service_from or on
    until = given.service_until or start + _DAY
    if until <= start:
        raise OutOfRange(
            f"{until} is not after serviceFrom {start}",
            place="serviceUntil",
            mend="It is the first day after the service",
        )
    return Period(start, until)


def _position(asked: _Asked, given: DepositPositionFields, place: str) -> DepositPosition:
    article = asked.offer.article(given.article_number, asked.contract.project_id)
    amount = given.gross if given.net is None else given.net
    if amount is None or (given.net is not None and given.gross is not None):
        raise FieldInvalid(
            "a position has either a net or a gross amount",
            place=place,
            mend="Give net, and VAT comes on top, or gross, and it is computed out",
        )
    money = Money.from_decimal(amount, asked.contract.currency, field=place)
    return DepositPosition(article, money, given.net is None, given.text)


def _spent(
    contract: Contract, credit: Credit, amount: Money, received_on: date
) -> tuple[CreditPart, ...]:
    """The parts of that day's payments that become the deposit, in the order of the account."""
    own = [part for part in credit.parts if part.value_date == received_on]
    available = min(sum(part.amount.minor for part in own), max(credit.total.minor, 0))
    if available < amount.minor:
        days = ", ".join(f"{part.amount} of {part.value_date}" for part in credit.parts)
        raise TransitionRefused(
            f"{Money(available, contract.currency)} of what was received on {received_on} is free"
            f" credit, not {amount} (F061)",
            place="amount",
            mend=f"Free credit is there: {days}" if days else "Assign the payment to the customer",
        )
    spent: list[CreditPart] = []
    left = amount.minor
    for part in own:
        taken = min(left, part.amount.minor)
        if taken:
            money = Money(taken, contract.currency)
            spent.append(
                CreditPart(
                    part.transaction_no, money, part.value_date, part.movement_id, part.entry_key
                )
            )
        left -= taken
    return tuple(spent)


def _issued(tx: Tx, desk: Desk, asked: _Asked, request: DepositRequest) -> FrozenDocument:
    owner = asked.contract.customer_id
    customer = read_customers_by_id(tx, [owner])[owner]
    draft = deposit_draft(desk.tenant, asked.contract, customer, request)
    (document,) = issue(tx, desk.tenant, [desk.prepare(draft)], on=asked.on, run_id=None)
    return document
