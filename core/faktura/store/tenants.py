"""Tenants: each with its number ranges and the head of its chain of seals."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache

from sqlalchemy import bindparam, func, select, text, update

from faktura.domain.numbering import NumberFormat
from faktura.domain.sealing import GENESIS
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import NotFound, NumberTaken, shortened
from faktura.store import numbers
from faktura.store.codec import from_json, to_json
from faktura.store.tables import chain_head, tenant
from faktura.store.transaction import Tx

DEFAULT_FORMATS: Mapping[str, NumberFormat] = {
    numbers.INVOICE: NumberFormat("RE-", 6),
    numbers.CORRECTION: NumberFormat("RK-", 6),
    numbers.CUSTOMER: NumberFormat("K-", 6),
    numbers.CONTRACT: NumberFormat("V-", 6),
    numbers.DEBTOR: NumberFormat("", 5),
    numbers.MANDATE: NumberFormat("M-", 6),
    numbers.DUNNING: NumberFormat("MG-", 6),
}
# Personal accounts of customers begin at 10000 in SKR03 and SKR04.
_FIRST = {numbers.DEBTOR: 10_000}
_ALWAYS = date(1970, 1, 1)


def create_tenant(
    tx: Tx, new: Tenant, formats: Mapping[str, NumberFormat] = DEFAULT_FORMATS
) -> Tenant:
    """Add a tenant with its number ranges and an empty chain; it gets the next id.

    Works in a transaction of any tenant. Raises NumberTaken when the key exists.
    """
    if tx.is_postgresql:
        # Two at once would take the same id; SQLite has one writer anyway.
        tx.connection.execute(text("LOCK TABLE tenant IN SHARE ROW EXCLUSIVE MODE"))
    if find_tenant_id(tx, new.key) is not None:
        raise NumberTaken(f"there is a tenant “{new.key}” already", mend="Choose another key")
    last = tx.connection.execute(select(func.max(tenant.c.id))).scalar()
    created = replace(new, id=(last or 0) + 1)
    own = replace(tx, tenant_id=created.id)
    tx.connection.execute(
        tenant.insert().values(
            id=created.id, key=created.key, data=to_json(created, Tenant), created_at=tx.now()
        )
    )
    tx.connection.execute(
        chain_head.insert().values(tenant_id=created.id, seal_seq=0, seal_hash=GENESIS, entry_seq=0)
    )
    for name, number_format in {**DEFAULT_FORMATS, **formats}.items():
        numbers.start_range(
            own,
            name,
            valid_from=_ALWAYS,
            number_format=number_format,
            first=_FIRST.get(name, 1),
        )
    return created


def ensure_range(tx: Tx, name: str) -> None:
    """Start a range as new tenants have it, where the tenant is older than the range."""
    if _has_range(tx, name):
        return
    lock_tenant(tx)
    if not _has_range(tx, name):
        numbers.start_range(
            tx,
            name,
            valid_from=_ALWAYS,
            number_format=DEFAULT_FORMATS[name],
            first=_FIRST.get(name, 1),
        )


def _has_range(tx: Tx, name: str) -> bool:
    return any(one.name == name for one in numbers.ranges(tx))


def update_tenant(tx: Tx, changed: Tenant) -> None:
    """Replace the settings of the transaction's tenant; its id and key stay."""
    tx.connection.execute(
        update(tenant).where(tenant.c.id == tx.tenant_id).values(data=to_json(changed, Tenant))
    )


_SETTINGS = select(tenant.c.data).where(tenant.c.id == bindparam("id"))


def read_tenant(tx: Tx) -> Tenant:
    """The transaction's tenant; raises NotFound."""
    data = tx.connection.execute(_SETTINGS, {"id": tx.tenant_id}).scalar_one_or_none()
    if data is None:
        raise NotFound(f"there is no tenant {tx.tenant_id}")
    return tenant_of(data)


@lru_cache(maxsize=256)
def tenant_of(data: str) -> Tenant:
    """The tenant behind its stored settings."""
    # Read in every transaction, changed a few times a year: the same text is the same tenant.
    return from_json(data, Tenant)


def lock_tenant(tx: Tx) -> Tenant:
    """The transaction's tenant, locked for who changes its settings; waits for who posts by them.

    Raises NotFound.
    """
    _lock(tx, posting=False)
    return read_tenant(tx)


def holding_accounts(tx: Tx, known: Tenant) -> Tenant:
    """The tenant with its accounts and bank policy of now; nobody changes them before this ends.

    A run may have begun before an account was set: by what it knew, its entries would become drafts
    that nobody completes (F106).
    """
    _lock(tx, posting=True)
    present = read_tenant(tx)
    return replace(known, accounts=present.accounts, bank=present.bank)


def _lock(tx: Tx, *, posting: bool) -> None:
    # Any number of transactions may post at once; who changes an account waits for all of them.
    tx.connection.execute(
        select(tenant.c.id)
        .where(tenant.c.id == tx.tenant_id)
        .with_for_update(read=posting, key_share=not posting)
    )


def list_tenants(tx: Tx) -> list[Tenant]:
    """All tenants, oldest first; works in a transaction of any tenant."""
    rows = tx.connection.execute(select(tenant.c.data).order_by(tenant.c.id))
    return [from_json(data, Tenant) for data in rows.scalars()]


def find_tenant_id(tx: Tx, key: str) -> int | None:
    """The id of the tenant of that key; works in a transaction of any tenant."""
    return tx.connection.execute(
        select(tenant.c.id).where(tenant.c.key == key)
    ).scalar_one_or_none()


def choose_tenant_id(tx: Tx, key: str | None) -> int:
    """The id of the named tenant, or of the only one; works in a transaction of any tenant.

    Raises NotFound for an unknown key, and where no key is given and there is not exactly one.
    """
    found = {
        row.key: int(row.id)
        for row in tx.connection.execute(select(tenant.c.key, tenant.c.id).order_by(tenant.c.id))
    }
    keys = ", ".join(found)
    if not found:
        raise NotFound("there is no tenant yet", mend="Run: faktura tenants create KEY …")
    if key is None and len(found) > 1:
        raise NotFound("there are several tenants", mend=f"Name one with --tenant: {keys}")
    if key is not None and key not in found:
        raise NotFound(
            f"there is no tenant “{shortened(key)}”", place="--tenant", mend=f"Tenants: {keys}"
        )
    return found[key] if key is not None else next(iter(found.values()))
