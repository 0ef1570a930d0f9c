"""What people do about money, on the company with a bank: recorded by hand, refunded, given up."""

from dataclasses import dataclass, field

from sqlalchemy import select
from tests.services.deposits.scene import DepositScene

from faktura.kernel.money import Money
from faktura.services.imports.payment_fields import (
    MoneyFields,
    RefundFields,
    TakenBackFields,
    WriteOffFields,
)
from faktura.services.manual_money import Recorded
from faktura.services.manual_payments import record_credit, record_payment
from faktura.services.refunds import record_refund
from faktura.services.undoing import undo_recorded
from faktura.services.write_offs import WrittenOff, undo_write_off, write_off
from faktura.store import tables

ACCOUNT = "DE02120300000000202051"
DAY = "2026-10-20"


@dataclass
class MoneyScene(DepositScene):
    """RE-000001 35.70 of K-1 (19 %), RE-000002 100.00 of K-2 (exempt), RE-000003 297.50 of K-3."""

    seen: set[str] = field(default_factory=set)

    def record(self, number: str, amount: str, **more: object) -> Recorded:
        """Money for a document."""
        given = MoneyFields.model_validate(_money(amount, more))
        with self.database.write(self.tenant.id) as tx:
            return record_payment(tx, self.tenant, number, given)

    def credit(self, customer: str, amount: str, **more: object) -> Recorded:
        """Money of a customer for no document."""
        given = MoneyFields.model_validate(_money(amount, more))
        with self.database.write(self.tenant.id) as tx:
            return record_credit(tx, self.tenant, customer, given)

    def refund(self, customer: str, amount: str, **more: object) -> Recorded:
        """We pay credit out."""
        given = RefundFields.model_validate(_money(amount, more))
        with self.database.write(self.tenant.id) as tx:
            return record_refund(tx, self.tenant, customer, given)

    def undo(self, reference: str, **more: object) -> tuple[str, ...]:
        """Take back what was recorded."""
        given = TakenBackFields.model_validate({"reason": "Irrtum", **more})
        with self.database.write(self.tenant.id) as tx:
            return undo_recorded(tx, self.tenant, reference, given)

    def write_off(self, number: str, **more: object) -> WrittenOff:
        """Give a claim up."""
        given = WriteOffFields.model_validate({"reason": "Insolvenz", "date": DAY, **more})
        with self.database.write(self.tenant.id) as tx:
            return write_off(tx, self.tenant, number, given)

    def recover(self, number: str, **more: object) -> Money:
        """The money comes after all."""
        given = TakenBackFields.model_validate({"reason": "Zahlt doch", "date": DAY, **more})
        with self.database.write(self.tenant.id) as tx:
            return undo_write_off(tx, self.tenant, number, given)

    def posted(self) -> list[str]:
        """Kind and legs of the entries since it was asked last, `PAYMENT: S 1200 35.70, H ...`."""
        e, side = tables.journal_entry.c, tables.leg.c
        with self.database.read(self.tenant.id) as tx:
            rows = tx.connection.execute(
                select(e.entry_key, e.kind, side.side, side.account, side.minor)
                .join(tables.leg, (side.tenant_id == e.tenant_id) & (side.entry_seq == e.seq))
                .order_by(e.seq, side.no)
            ).all()
        found: dict[str, list[str]] = {}
        for row in rows:
            if row.entry_key not in self.seen:
                legs = found.setdefault(row.entry_key, [f"{row.kind}:"])
                sign = "S" if row.side == "D" else "H"
                legs.append(f"{sign} {row.account} {row.minor / 100:.2f}")
        self.seen |= found.keys()
        return [f"{legs[0]} {', '.join(legs[1:])}" for legs in found.values()]


def _money(amount: str, more: dict[str, object]) -> dict[str, object]:
    return {"amount": amount, "account": ACCOUNT, "valueDate": DAY, **more}
