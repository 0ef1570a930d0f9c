"""Who pays from an account, as people's confirmations teach it, and what of it one of them takes along."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from faktura.domain.movements import Movement, MovementClass, classify
from faktura.services.movement_view import movement_of, record_from_text
from faktura.store.customers import read_customers_by_id
from faktura.store.payable import owners_of
from faktura.store.payers import account_key, confirmed_payments, forget_payer, learn_payer
from faktura.store.transaction import Tx

# Whose account such money comes from is its payer's.
_PAID = frozenset({MovementClass.PAYMENT, MovementClass.FOREIGN})


def teaches(movement: Movement, payers: Collection[object], others: Collection[object]) -> bool:
    """Whether a confirmed movement tells who pays from its account.

    It does where it paid documents of one customer, and nothing of it is anybody else's.
    """
    is_paid = classify(movement) in _PAID and movement.amount.minor > 0
    return is_paid and len(payers) == 1 and not others


def forget_taught(tx: Tx, movement_id: UUID) -> None:
    """Forget what a confirmation taught that is taken back, unless another one that stands says the same."""
    for iban, customer_id in forget_payer(tx, movement_id):
        number = read_customers_by_id(tx, [customer_id])[customer_id].number
        for one in confirmed_payments(tx, customer_id):
            movement = movement_of(record_from_text(one.data))
            same = account_key(movement.counterparty_iban or "") == iban
            if same and _is_of(tx, movement, one.proof, (customer_id, number)):
                learn_payer(tx, iban, customer_id, one.movement_id)
                break


def _is_of(tx: Tx, movement: Movement, proof: Any, customer: tuple[UUID, str]) -> bool:
    """Whether it teaches that this customer pays so."""
    own, own_number = customer
    payers = set(owners_of(tx, sorted(number for number, _ in proof["documents"])).values())
    others = {number for number, _ in proof.get("credits", ())} - {own_number}
    return payers == {own} and teaches(movement, payers, others)
