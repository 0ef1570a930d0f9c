"""Deleting customers and articles that nothing refers to; who refers to them, counted by table."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Select, delete, func, select

from faktura.kernel.contract_terms import DiscountScope
from faktura.kernel.dunning_terms import StopTarget
from faktura.store.tables import (
    account_transaction,
    activity,
    article,
    article_price,
    chargeback,
    commission_rule,
    contract,
    contract_discount,
    contract_template,
    customer,
    document,
    dunning_notice,
    dunning_stop,
    journal_entry,
    mail,
    payer_account,
    payment_attempt,
    payment_means,
    subscription_item,
    vat_check,
)
from faktura.store.transaction import Tx

# What keeps a customer, by the column that names it. Foreign keys stand behind all but the entries.
KEEPS_CUSTOMER: Mapping[Column[UUID], str] = {
    contract.c.customer_id: "contract",
    commission_rule.c.partner_id: "commission rule",
    document.c.customer_id: "document",
    account_transaction.c.customer_id: "account transaction",
    journal_entry.c.customer_id: "journal entry",
    payment_means.c.customer_id: "means of payment",
    payment_attempt.c.customer_id: "payment attempt",
    chargeback.c.customer_id: "chargeback",
    payer_account.c.customer_id: "learnt bank account",
    dunning_notice.c.customer_id: "dunning notice",
    vat_check.c.customer_id: "VAT id check",
    mail.c.customer_id: "mail",
}

# What keeps an article. Its own prices go with it; lines of documents have a copy of it.
KEEPS_ARTICLE: Mapping[Column[UUID], str] = {
    subscription_item.c.article_id: "subscription item",
    activity.c.article_id: "activity",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """So many rows of a kind name what is to be deleted; `what` is the kind's English word."""

    what: str
    count: int


def lock_customer_to_delete(tx: Tx, customer_id: UUID) -> None:
    """Lock a customer against whoever would refer to it: they wait, and are refused once it is gone."""
    c = customer.c
    _lock(tx, select(c.id).where(c.tenant_id == tx.tenant_id, c.id == customer_id))


def lock_article_to_delete(tx: Tx, article_id: UUID) -> None:
    """Lock an article against whoever would refer to it: they wait, and are refused once it is gone."""
    a = article.c
    _lock(tx, select(a.id).where(a.tenant_id == tx.tenant_id, a.id == article_id))


def _lock(tx: Tx, row: Select[tuple[UUID]]) -> None:
    tx.connection.execute(row.with_for_update()).all()


def references_to_customer(tx: Tx, customer_id: UUID, number: str) -> list[Reference]:
    """What names the customer, most binding first; empty where nothing does."""
    return _counted(tx, KEEPS_CUSTOMER, customer_id) + _found(
        [("contract template", _named_in_template(tx, "partnerNumber", number))]
    )


def references_to_article(tx: Tx, article_id: UUID, number: str) -> list[Reference]:
    """What names the article, most binding first; empty where nothing does."""
    d, r = contract_discount.c, commission_rule.c
    return _counted(tx, KEEPS_ARTICLE, article_id) + _found(
        [
            (
                "discount",
                _count(tx, d.tenant_id, d.scope == DiscountScope.ARTICLE, d.target == number),
            ),
            ("commission rule", _count(tx, r.tenant_id, r.article_number == number)),
            ("contract template", _named_in_template(tx, "articleNumber", number)),
        ],
    )


def delete_customer_row(tx: Tx, customer_id: UUID) -> None:
    """Delete a customer with the dunning stops on it; the caller has locked it and looked."""
    s, c = dunning_stop.c, customer.c
    tx.connection.execute(
        delete(dunning_stop).where(
            s.tenant_id == tx.tenant_id,
            s.target == StopTarget.CUSTOMER,
            s.target_id == customer_id,
        )
    )
    tx.connection.execute(delete(customer).where(c.tenant_id == tx.tenant_id, c.id == customer_id))


def delete_article_row(tx: Tx, article_id: UUID) -> None:
    """Delete an article with its prices; the caller has locked it and looked."""
    p, a = article_price.c, article.c
    tx.connection.execute(
        delete(article_price).where(p.tenant_id == tx.tenant_id, p.article_id == article_id)
    )
    tx.connection.execute(delete(article).where(a.tenant_id == tx.tenant_id, a.id == article_id))


def _counted(tx: Tx, columns: Mapping[Column[UUID], str], row_id: UUID) -> list[Reference]:
    return _found(
        (
            (what, _count(tx, column.table.c.tenant_id, column == row_id))
            for column, what in columns.items()
        ),
    )


def _found(counts: Iterable[tuple[str, int]]) -> list[Reference]:
    return [Reference(what, count) for what, count in counts if count]


def _count(tx: Tx, tenant: ColumnElement[int], *conditions: ColumnElement[bool]) -> int:
    return tx.connection.execute(
        select(func.count()).where(tenant == tx.tenant_id, *conditions)
    ).scalar_one()


def _named_in_template(tx: Tx, field: str, number: str) -> int:
    # A template is kept as canonical JSON, without blanks: so a field is written in one way only.
    t = contract_template.c
    written = f'"{field}":{json.dumps(number)}'
    # LIKE would take the other case of a letter for the same number on SQLite.
    return _count(tx, t.tenant_id, func.replace(t.data, written, "") != t.data)
