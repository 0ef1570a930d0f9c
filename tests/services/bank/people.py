"""What a person does in the bank's tests: one waiting movement, decided by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from tests.services.bank.scene import BankScene

from faktura.domain.bank_policies import BankPolicy, DiscountTerms
from faktura.domain.match_proofs import proof_of
from faktura.domain.matches import Decision, Outcome, Proposal
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.canonical import canonical_json
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact
from faktura.services.assignment import assign
from faktura.services.confirming import Confirming, confirm
from faktura.services.imports.payment_fields import TakenBackFields
from faktura.services.movement_view import movement_of, record_from_text
from faktura.services.person_desk import Assigned
from faktura.services.splitting import split
from faktura.services.undoing_matches import Undone, undo
from faktura.store import tables
from faktura.store.movement_lists import read_movement
from faktura.store.movements import DecisionRow, write_decisions
from faktura.store.tenants import lock_tenant, update_tenant

ON = date(2026, 11, 20)
WRONG = TakenBackFields.model_validate({"reason": "Falsch zugeordnet", "date": ON})
TWO_PERCENT = DiscountTerms(Decimal(2), 14)


def euros(amount: str) -> Money:
    """An amount."""
    return Money.parse(amount, "EUR")


class Person:
    """A person at the bank's door of a scene."""

    def __init__(self, scene: BankScene) -> None:
        self.scene = scene

    def may(self, **policy: Any) -> None:
        """The tenant's bank policy from now on."""
        with self.scene.database.write(self.scene.tenant.id) as tx:
            update_tenant(tx, replace(lock_tenant(tx), bank=BankPolicy(**policy)))

    @property
    def waiting(self) -> UUID:
        """The only movement that waits."""
        (movement,) = self.scene.movements(MovementState.OPEN)
        return movement.id

    def assign(self, *numbers: str, rest_as: AccountFact | None = None) -> Assigned:
        """Say which documents it is for."""
        movement_id = self.waiting
        with self.scene.database.write(self.scene.tenant.id) as tx:
            return assign(tx, self.scene.tenant, movement_id, numbers, rest_as)

    def split(
        self, parts: dict[str, str], rest_as: AccountFact | None = None, **credit_of: str
    ) -> Assigned:
        """Say what of it each document is, and each customer's credit, as K_1="5.00"."""
        shares = [(number, Decimal(amount)) for number, amount in parts.items()]
        left = [(name.replace("_", "-"), Decimal(amount)) for name, amount in credit_of.items()]
        movement_id = self.waiting
        with self.scene.database.write(self.scene.tenant.id) as tx:
            return split(tx, self.scene.tenant, movement_id, shares, left, rest_as)

    def split_twice(self, number: str) -> Assigned:
        """Name one document two times."""
        parts, movement_id = [(number, Decimal("15.00"))] * 2, self.waiting
        with self.scene.database.write(self.scene.tenant.id) as tx:
            return split(tx, self.scene.tenant, movement_id, parts)

    def confirm(self, said: Confirming | None = None) -> Assigned:
        """Book what is proposed."""
        movement_id = self.waiting
        with self.scene.database.write(self.scene.tenant.id) as tx:
            return confirm(tx, self.scene.tenant, movement_id, said or Confirming())

    def undo(self, movement_id: UUID, given: TakenBackFields = WRONG) -> Undone:
        """Take it back."""
        with self.scene.database.write(self.scene.tenant.id) as tx:
            return undo(tx, self.scene.tenant, movement_id, given)

    def booked(self) -> UUID:
        """The only movement that is booked."""
        (movement,) = self.scene.movements(MovementState.BOOKED)
        return movement.id

    def booked_as_person(self) -> UUID:
        """The only movement that a person booked."""
        booked = self.scene.movements(MovementState.BOOKED)
        (movement,) = [one for one in booked if one.rule == "person"]
        return movement.id

    def propose(
        self, *proposals: Proposal, outcome: Outcome = Outcome.PROPOSED, rule: str = "underpaid"
    ) -> None:
        """As if a rule had decided so about the movement that waits."""
        movement_id = self.waiting
        with self.scene.database.write(self.scene.tenant.id) as tx:
            movement = movement_of(record_from_text(read_movement(tx, movement_id).data))
            decision: Decision[object] = Decision(outcome, rule, "why", proposals=proposals)
            numbers = {one.id: one.number for one in self.scene.customers}
            text = canonical_json(proof_of(movement, decision, (), numbers))
            write_decisions(tx, [DecisionRow(movement_id, outcome, rule, 2, "why", text)])

    def known_payers(self) -> list[tuple[str, str]]:
        """Account and customer of all payers that were learned."""
        p, c = tables.payer_account.c, tables.customer.c
        with self.scene.database.read(self.scene.tenant.id) as tx:
            rows = tx.connection.execute(
                select(p.iban, c.number)
                .join(tables.customer, (c.tenant_id == p.tenant_id) & (c.id == p.customer_id))
                .order_by(p.iban, c.number)
            ).all()
        return [(row.iban, row.number) for row in rows]


def settles(
    parts: dict[str, str],
    rest: str = "0.00",
    given_up: str = "0.00",
    customer_id: UUID | None = None,
    rule: str = "underpaid",
) -> Proposal:
    """A proposal of these parts."""
    return Proposal(
        rule,
        "why",
        tuple((number, euros(amount)) for number, amount in parts.items()),
        euros(rest),
        euros(given_up),
        customer_id,
    )
