"""Which numbers and keys exist already: asked for some of them, never for all (F063, P22)."""

from collections.abc import Iterable
from enum import Enum, auto, unique
from typing import Any

from sqlalchemy import Column, select

from faktura.store.batches import in_batches
from faktura.store.tables import (
    article,
    contract,
    contract_template,
    customer,
    document,
    product_group,
    project,
    tax_group,
)
from faktura.store.transaction import Tx


@unique
class Unique(Enum):
    """What may exist once in a tenant."""

    CUSTOMER_NUMBER = auto()
    DEBTOR_ACCOUNT = auto()
    CONTRACT_NUMBER = auto()
    ARTICLE_NUMBER = auto()
    PROJECT_KEY = auto()
    TAX_GROUP_KEY = auto()
    PRODUCT_GROUP_KEY = auto()
    TEMPLATE_KEY = auto()
    DOCUMENT_NUMBER = auto()


_COLUMNS: dict[Unique, Column[Any]] = {
    Unique.CUSTOMER_NUMBER: customer.c.number,
    Unique.DEBTOR_ACCOUNT: customer.c.debtor_account,
    Unique.CONTRACT_NUMBER: contract.c.number,
    Unique.ARTICLE_NUMBER: article.c.number,
    Unique.PROJECT_KEY: project.c.key,
    Unique.TAX_GROUP_KEY: tax_group.c.key,
    Unique.PRODUCT_GROUP_KEY: product_group.c.key,
    Unique.TEMPLATE_KEY: contract_template.c.key,
    Unique.DOCUMENT_NUMBER: document.c.number,
}


def taken(tx: Tx, what: Unique, wanted: Iterable[str]) -> frozenset[str]:
    """Those of the `wanted` numbers or keys that exist."""
    column = _COLUMNS[what]
    found: set[str] = set()
    for batch in in_batches(sorted(set(wanted))):
        query = select(column).where(column.table.c.tenant_id == tx.tenant_id, column.in_(batch))
        found.update(tx.connection.execute(query).scalars())
    return frozenset(found)
