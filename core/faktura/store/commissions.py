"""Commission rules of contracts, in the order in which they were given (F079)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select

from faktura.domain.commissions import CommissionRule
from faktura.kernel.contract_terms import CommissionDue
from faktura.store.batches import in_batches
from faktura.store.bulk import Row, bulk_write
from faktura.store.tables import commission_rule, customer
from faktura.store.transaction import Tx


def read_commission_rules(
    tx: Tx, contract_ids: Sequence[UUID]
) -> dict[UUID, tuple[CommissionRule, ...]]:
    """Rules by contract; contracts without are absent."""
    r = commission_rule.c
    found: dict[UUID, list[CommissionRule]] = {}
    for batch in in_batches(contract_ids):
        rows = tx.connection.execute(
            select(commission_rule, customer.c.number.label("partner_number"))
            .join(
                customer,
                (customer.c.tenant_id == r.tenant_id) & (customer.c.id == r.partner_id),
            )
            .where(r.tenant_id == tx.tenant_id, r.contract_id.in_(batch))
            .order_by(r.contract_id, r.no)
        )
        for row in rows:
            found.setdefault(row.contract_id, []).append(
                CommissionRule(
                    row.partner_id,
                    row.partner_number,
                    row.article_number,
                    row.percent,
                    CommissionDue(row.due),
                )
            )
    return {owner: tuple(own) for owner, own in found.items()}


def write_commission_rules(tx: Tx, contract_id: UUID, rules: Sequence[CommissionRule]) -> None:
    """Give rules to a contract that has none."""
    rows: list[Row] = [
        (
            tx.tenant_id,
            contract_id,
            no,
            rule.partner_id,
            rule.article_number,
            rule.percent,
            rule.due,
        )
        for no, rule in enumerate(rules, 1)
    ]
    bulk_write(tx, commission_rule, rows)


def replace_commission_rules(tx: Tx, contract_id: UUID, rules: Sequence[CommissionRule]) -> None:
    """Let these be the rules of a contract whose customer is locked."""
    tx.connection.execute(
        delete(commission_rule).where(
            commission_rule.c.tenant_id == tx.tenant_id,
            commission_rule.c.contract_id == contract_id,
        )
    )
    write_commission_rules(tx, contract_id, rules)
