"""A person says to the cent what a movement is for: parts of documents, and credit of customers (P37)."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from faktura.domain.movements import MovementClass
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import FieldMissing, FieldRepeated, TransitionRefused
from faktura.kernel.money import Money, total
from faktura.kernel.terms import AccountFact
from faktura.services.assignment import check_claims_stand
from faktura.services.movement_cases import waiting_case
from faktura.services.person_desk import Assigned, PersonDesk
from faktura.store.customers import read_customer
from faktura.store.transaction import Tx

Amounts = Sequence[tuple[str, Decimal]]


def split(
    tx: Tx,
    tenant: Tenant,
    movement_id: UUID,
    parts: Amounts,
    credit_of: Amounts = (),
    rest_as: AccountFact | None = None,
) -> Assigned:
    """Let a waiting movement count for any documents and customers, each with its own amount.

    `parts` are by document number, of credit notes negative; `credit_of` by customer number. They sum
    to the movement, in its currency. What stays open of the documents is given up where `rest_as`
    says how. Raises NotFound, FieldMissing, FieldRepeated, TooPrecise, CurrencyMismatch, and
    TransitionRefused for a returned debit, another sum, more than is open or may be given up.
    """
    if not parts and not credit_of:
        raise FieldMissing("neither a document nor a customer is named", place="number")
    _check_once([number for number, _ in parts])
    _check_once([number for number, _ in credit_of])
    case = waiting_case(tx, movement_id)
    if case.kind is MovementClass.RETURN:
        raise TransitionRefused(
            "it is a returned debit, which undoes whole payments",
            place=f"movement {movement_id}",
            mend="Name the documents of the collection: faktura bank assign",
        )
    currency = case.movement.amount.currency
    shares = [(number, Money.from_decimal(one, currency, field=number)) for number, one in parts]
    left = [
        (read_customer(tx, number).id, Money.from_decimal(one, currency, field=number))
        for number, one in credit_of
    ]
    numbers = [number for number, _ in parts]
    desk = PersonDesk.of(tx, tenant, case, numbers, [customer_id for customer_id, _ in left])
    check_claims_stand(desk.ledger, total([amount for _, amount in left], currency))
    return desk.finish(desk.settle(shares, left, rest_as), "split by a person")


def _check_once(numbers: Iterable[str]) -> None:
    seen: set[str] = set()
    for number in numbers:
        if number in seen:
            raise FieldRepeated("it is named twice", place=number, mend="Add its amounts up")
        seen.add(number)
