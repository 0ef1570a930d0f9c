"""The payments that a return may undo, with what they were collected by: mandate, account, whole amount.

One credit of the bank may stand for a whole file of debits: what of it is whose the attempts say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from faktura.domain.attempts import Attempt
from faktura.domain.movements import Movement
from faktura.domain.payment_means import PaymentMeans
from faktura.domain.returns import Payment
from faktura.kernel.payment_terms import AttemptState
from faktura.services.bank_attempts import attempt_id_of
from faktura.services.ledger import Ledger
from faktura.services.movement_view import movement_of, record_from_text
from faktura.store.payment_means import means_of_customers
from faktura.store.returnable import debits_of_documents, movement_records
from faktura.store.transaction import Tx

# Own collections credited to us: single ones, collective ones.
_CREDITED_DEBIT = frozenset({"171", "174", "192", "196"})


@dataclass(frozen=True, slots=True)
class ReturnablePayments:
    """What is known of the payments of a ledger's documents when it was opened."""

    movements: Mapping[UUID, Movement]
    debits: Mapping[UUID, Sequence[Attempt]]
    means: Mapping[UUID, PaymentMeans]

    @classmethod
    def of(cls, tx: Tx, ledger: Ledger, numbers: Iterable[str]) -> Self:
        """Those of these documents; their customers are locked."""
        wanted = frozenset(numbers)
        shares = [one for one in (*ledger.payments(), *ledger.came_back()) if one.number in wanted]
        movements = {one.movement_id for one in shares if one.movement_id is not None}
        debits = debits_of_documents(tx, {one.document_id for one in shares})
        owners = {one.customer_id for found in debits.values() for one in found}
        return cls(
            {
                key: movement_of(record_from_text(data))
                for key, data in movement_records(tx, movements).items()
            },
            debits,
            {
                one.id: one
                for found in means_of_customers(tx, sorted(owners)).values()
                for one in found
            },
        )

    def known(self, payment: Payment) -> Payment:
        """The payment with what it was collected by."""
        movement = self.movements.get(payment.movement_id) if payment.movement_id else None
        attempt = None if _is_transfer(movement) else self._attempt(payment)
        if attempt is not None:
            return self._of_attempt(payment, attempt)
        if movement is None or not _is_debit(movement):
            return payment
        is_single = movement.end_to_end_id is not None or movement.mandate_id is not None
        return replace(
            payment,
            mandate_id=movement.mandate_id,
            iban=movement.counterparty_iban,
            collected=movement.amount if is_single else None,
        )

    def _attempt(self, payment: Payment) -> Attempt | None:
        """The debit of ours that a share is of: by its id, else the only one of that amount."""
        found = self.debits.get(payment.document_id, ())
        named = attempt_id_of(payment.end_to_end_id or "")
        if named is not None:
            return next((one for one in found if one.id == named), None)
        state = AttemptState.SUCCEEDED if payment.counts else AttemptState.CHARGED_BACK
        fitting = [one for one in found if one.amount == payment.amount and one.state is state]
        return fitting[0] if len(fitting) == 1 else None

    def _of_attempt(self, payment: Payment, attempt: Attempt) -> Payment:
        means = None if attempt.means_id is None else self.means.get(attempt.means_id)
        mandate = None if means is None else means.mandate
        return replace(
            payment,
            end_to_end_id=attempt.id.hex,
            mandate_id=None if means is None else means.reference,
            iban=None if mandate is None else mandate.iban,
            collected=attempt.amount,
        )


def _is_debit(movement: Movement) -> bool:
    code = movement.bank_code or ""
    return movement.gvc in _CREDITED_DEBIT or code.startswith("PMNT/IDDT/")


def _is_transfer(movement: Movement | None) -> bool:
    """Whether it is certain that no debit of ours was credited by it."""
    return movement is not None and movement.gvc is not None and not _is_debit(movement)
