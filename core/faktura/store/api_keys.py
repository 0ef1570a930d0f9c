"""Keys of the REST door and the projects they reach: read on every request, changed rarely."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select, true, update

from faktura.domain.api_keys import ApiKey, Network, Scope, network
from faktura.domain.tenants import Tenant
from faktura.store.prepared import Prepared
from faktura.store.tables import api_key, project, tenant
from faktura.store.tenants import tenant_of
from faktura.store.transaction import Tx

_k = api_key.c
# Built once: this runs before every answer of the REST door.
_WITH_REACH = Prepared(
    select(api_key, tenant.c.data.label("tenant"), project.c.id.label("reached"))
    .join(tenant, tenant.c.id == _k.tenant_id)
    .outerjoin(
        project,
        and_(
            project.c.tenant_id == _k.tenant_id,
            project.c.api_enabled == true(),
            or_(_k.project_id.is_(None), project.c.id == _k.project_id),
        ),
    )
    .where(_k.tenant_id == bindparam("of"), _k.id == bindparam("key", type_=_k.id.type))
)
_USED = (
    update(api_key)
    .where(
        _k.tenant_id == bindparam("tenant"),
        _k.id == bindparam("key"),
        # Several processes report: what one of them saw later stands.
        or_(_k.last_used_at.is_(None), _k.last_used_at < bindparam("at")),
    )
    .values(last_used_at=bindparam("at"))
)


def find_key_with_reach(tx: Tx, key_id: UUID) -> tuple[ApiKey, frozenset[UUID], Tenant] | None:
    """The key, the ids of the switched-on projects that it reaches (F114), and its tenant."""
    rows = _WITH_REACH.rows(tx, of=tx.tenant_id, key=key_id)
    if not rows:
        return None
    reached = frozenset(row.reached for row in rows if row.reached is not None)
    return _key(rows[0]), reached, tenant_of(rows[0].tenant)


def find_key(tx: Tx, key_id: UUID) -> ApiKey | None:
    """The key, if there is one; locked for who changes it."""
    row = tx.connection.execute(
        select(api_key).where(_k.tenant_id == tx.tenant_id, _k.id == key_id).with_for_update()
    ).one_or_none()
    return None if row is None else _key(row)


def find_replacement(tx: Tx, key_id: UUID) -> UUID | None:
    """The id of the key that took over from this one, if there is one."""
    return tx.connection.execute(
        select(_k.id).where(_k.tenant_id == tx.tenant_id, _k.replaces == key_id)
    ).scalar_one_or_none()


def replaced_by(tx: Tx, key_id: UUID) -> UUID | None:
    """The id of the key that this one took over from, if there was one."""
    return tx.connection.execute(
        select(_k.replaces).where(_k.tenant_id == tx.tenant_id, _k.id == key_id)
    ).scalar_one_or_none()


def read_keys(tx: Tx) -> list[ApiKey]:
    """All keys of the tenant, oldest first."""
    rows = tx.connection.execute(
        select(api_key).where(_k.tenant_id == tx.tenant_id).order_by(_k.created_at, _k.id)
    )
    return [_key(row) for row in rows]


def write_key(tx: Tx, new: ApiKey) -> None:
    """Add a key."""
    tx.connection.execute(
        api_key.insert().values(
            tenant_id=tx.tenant_id,
            id=new.id,
            name=new.name,
            project_id=new.project_id,
            scopes=" ".join(sorted(new.scopes)),
            networks=" ".join(map(str, new.networks)),
            requests_per_minute=new.requests_per_minute,
            secret_hash=new.secret_hash,
            created_at=new.created_at,
            expires_at=new.expires_at,
            revoked_at=new.revoked_at,
            last_used_at=new.last_used_at,
            replaces=new.replaces,
        )
    )


def write_end(tx: Tx, changed: ApiKey) -> None:
    """Keep from when on the key opens nothing: its expiry and its revocation."""
    tx.connection.execute(
        update(api_key)
        .where(_k.tenant_id == tx.tenant_id, _k.id == changed.id)
        .values(expires_at=changed.expires_at, revoked_at=changed.revoked_at)
    )


def write_uses(tx: Tx, uses: Mapping[UUID, datetime]) -> None:
    """Move the last use of keys forward; never back."""
    # In one order: two processes that report the same keys must not wait for each other.
    rows = [{"tenant": tx.tenant_id, "key": key, "at": uses[key]} for key in sorted(uses)]
    if rows:
        tx.connection.execute(_USED, rows)


def switch_project(tx: Tx, project_id: UUID, *, on: bool) -> None:
    """Let keys reach a project, or no longer (F114)."""
    tx.connection.execute(
        update(project)
        .where(project.c.tenant_id == tx.tenant_id, project.c.id == project_id)
        .values(api_enabled=on)
    )


def _key(row: Any) -> ApiKey:
    return ApiKey(
        row.id,
        row.name,
        row.project_id,
        _scopes(row.scopes),
        _networks(row.networks),
        row.requests_per_minute,
        row.secret_hash,
        row.created_at,
        row.expires_at,
        row.revoked_at,
        row.last_used_at,
        row.replaces,
    )


# Keys differ in few ways, and reading a network takes longer than all the rest of a row.
@lru_cache(maxsize=1024)
def _scopes(text: str) -> frozenset[Scope]:
    return frozenset(map(Scope, text.split()))


@lru_cache(maxsize=1024)
def _networks(text: str) -> tuple[Network, ...]:
    return tuple(map(network, text.split()))
