"""Contract templates by key; what is in one is its JSON, and the format's own matter (F014)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from faktura.kernel.canonical import canonical_json
from faktura.store.bulk import bulk_write
from faktura.store.duplicates import refusing_duplicates
from faktura.store.pages import page_after
from faktura.store.tables import contract_template
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class StoredTemplate:
    """A template: `values` are its fields but for key and name."""

    key: str
    name: str
    values: Mapping[str, object]


def write_template(tx: Tx, new: StoredTemplate) -> None:
    """Add a template; raises NumberTaken for a key that exists already."""
    now = tx.now()
    row = (tx.tenant_id, new.key, new.name, canonical_json(dict(new.values)), now, now)
    with refusing_duplicates("contract template"):
        bulk_write(tx, contract_template, [row])


def update_template(tx: Tx, changed: StoredTemplate) -> None:
    """Store the template of that key anew; contracts made from it have their own copy."""
    tx.connection.execute(
        update(contract_template)
        .where(
            contract_template.c.tenant_id == tx.tenant_id, contract_template.c.key == changed.key
        )
        .values(name=changed.name, data=canonical_json(dict(changed.values)), changed_at=tx.now())
    )


def delete_template(tx: Tx, key: str) -> None:
    """Take the template away; nothing refers to it."""
    tx.connection.execute(
        delete(contract_template).where(
            contract_template.c.tenant_id == tx.tenant_id, contract_template.c.key == key
        )
    )


def lock_template(tx: Tx, key: str) -> None:
    """Lock the template until the transaction ends."""
    tx.connection.execute(
        select(contract_template.c.key)
        .where(contract_template.c.tenant_id == tx.tenant_id, contract_template.c.key == key)
        .with_for_update()
    ).all()


def read_template(tx: Tx, key: str) -> StoredTemplate | None:
    """The template of that key; None where there is none."""
    row = tx.connection.execute(
        select(contract_template).where(
            contract_template.c.tenant_id == tx.tenant_id, contract_template.c.key == key
        )
    ).one_or_none()
    return None if row is None else StoredTemplate(row.key, row.name, json.loads(row.data))


def read_templates(tx: Tx, *, after: str | None = None) -> list[StoredTemplate]:
    """Templates by key, of those behind `after`; a tenant has few."""
    query = select(contract_template).where(contract_template.c.tenant_id == tx.tenant_id)
    rows = tx.connection.execute(page_after(query, contract_template.c.key, after, None))
    return [StoredTemplate(row.key, row.name, json.loads(row.data)) for row in rows]
