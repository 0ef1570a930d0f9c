"""Users and their memberships. They belong to the installation: no query here filters by tenant."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from faktura.domain.tenants import Tenant
from faktura.domain.users import User
from faktura.kernel.errors import Conflict
from faktura.store.codec import from_json
from faktura.store.tables import membership, tenant, user_account
from faktura.store.transaction import Tx


def write_user(tx: Tx, new: User) -> None:
    """Add a user; raises Conflict where another one has the address."""
    try:
        tx.connection.execute(
            user_account.insert().values(
                id=new.id,
                email=new.email,
                name=new.name,
                password_hash=new.password_hash,
                created_at=new.created_at,
                disabled_at=new.disabled_at,
            )
        )
    except IntegrityError:
        raise Conflict(f"there is a user {new.email} already", place="email") from None


def find_user(tx: Tx, email: str) -> User | None:
    """The user of that folded address."""
    return _found(tx, user_account.c.email == email)


def find_user_by_id(tx: Tx, user_id: UUID) -> User | None:
    """The user of that id."""
    return _found(tx, user_account.c.id == user_id)


def list_users(tx: Tx) -> list[User]:
    """All users, by address."""
    rows = tx.connection.execute(select(user_account).order_by(user_account.c.email))
    return [_user(row) for row in rows]


def write_password_hash(tx: Tx, user_id: UUID, password_hash: str) -> None:
    """Replace what a user's password is compared with."""
    tx.connection.execute(
        update(user_account).where(user_account.c.id == user_id).values(password_hash=password_hash)
    )


def write_disabled(tx: Tx, user_id: UUID, disabled_at: datetime | None) -> None:
    """Note since when a user may not sign in; None: they may."""
    tx.connection.execute(
        update(user_account).where(user_account.c.id == user_id).values(disabled_at=disabled_at)
    )


def add_membership(tx: Tx, user_id: UUID) -> None:
    """Make a user a member of the transaction's tenant; nothing happens if they are."""
    if not is_member(tx, user_id):
        tx.connection.execute(
            membership.insert().values(tenant_id=tx.tenant_id, user_id=user_id, since=tx.now())
        )


def remove_membership(tx: Tx, user_id: UUID) -> bool:
    """End a membership in the transaction's tenant; whether there was one."""
    ended = tx.connection.execute(
        delete(membership).where(
            membership.c.tenant_id == tx.tenant_id, membership.c.user_id == user_id
        )
    )
    return ended.rowcount > 0


def is_member(tx: Tx, user_id: UUID) -> bool:
    """Whether a user is a member of the transaction's tenant."""
    found = tx.connection.execute(
        select(membership.c.user_id).where(
            membership.c.tenant_id == tx.tenant_id, membership.c.user_id == user_id
        )
    )
    return found.first() is not None


def find_members_tenant(tx: Tx, user_id: UUID, key: str) -> int | None:
    """The id of the tenant of that key where the user is a member of it.

    One query for both, so that a foreign tenant and one that does not exist take the same time.
    """
    return tx.connection.execute(
        select(tenant.c.id)
        .join(membership, membership.c.tenant_id == tenant.c.id)
        .where(tenant.c.key == key, membership.c.user_id == user_id)
    ).scalar_one_or_none()


def list_members_tenants(tx: Tx, user_id: UUID) -> list[Tenant]:
    """The tenants a user is a member of, oldest first."""
    rows = tx.connection.execute(
        select(tenant.c.data)
        .join(membership, membership.c.tenant_id == tenant.c.id)
        .where(membership.c.user_id == user_id)
        .order_by(tenant.c.id)
    )
    return [from_json(data, Tenant) for data in rows.scalars()]


def read_memberships(tx: Tx) -> Mapping[UUID, list[str]]:
    """The keys of the tenants of every user who is a member of any."""
    rows = tx.connection.execute(
        select(membership.c.user_id, tenant.c.key)
        .join(tenant, membership.c.tenant_id == tenant.c.id)
        .order_by(tenant.c.id)
    )
    keys: dict[UUID, list[str]] = {}
    for row in rows:
        keys.setdefault(row.user_id, []).append(row.key)
    return keys


def _found(tx: Tx, condition: Any) -> User | None:
    row = tx.connection.execute(select(user_account).where(condition)).one_or_none()
    return None if row is None else _user(row)


def _user(row: Any) -> User:
    return User(row.id, row.email, row.name, row.password_hash, row.created_at, row.disabled_at)
