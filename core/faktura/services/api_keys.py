"""Who may come through the REST door: keys are proved, made, replaced and revoked (F114)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from faktura.domain.api_keys import (
    Address,
    ApiKey,
    Network,
    PresentedKey,
    RandomBytes,
    Scope,
    check_reach,
    is_proved,
    new_secret,
    secret_hash,
    unknown_key,
    written_key,
)
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import (
    FieldInvalid,
    FieldMissing,
    NotFound,
    OutOfRange,
    TransitionRefused,
)
from faktura.kernel.request_errors import AddressRefused, ApiSwitchedOff, ScopeMissing
from faktura.services.imports.text_fields import checked_line
from faktura.services.projects import choose_project
from faktura.store.api_keys import (
    find_key,
    find_key_with_reach,
    find_replacement,
    read_keys,
    replaced_by,
    switch_project,
    write_end,
    write_key,
    write_uses,
)
from faktura.store.catalogue import Project, read_projects
from faktura.store.transaction import Tx

PER_MINUTE = 600
_MOST_PER_MINUTE = 1_000_000
_LONGEST = timedelta(days=36_500)


@dataclass(frozen=True, slots=True)
class Access:
    """A proved key, the ids of the switched-on projects that it reaches (never none), its tenant."""

    key: ApiKey
    projects: frozenset[UUID]
    tenant: Tenant


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that somebody asks for.

    `project` is a project's key, None for all of them; `lifetime` is from now, None without end.
    """

    name: str
    project: str | None
    scopes: frozenset[Scope]
    networks: tuple[Network, ...] = ()
    requests_per_minute: int = PER_MINUTE
    lifetime: timedelta | None = None


def authenticate(tx: Tx, presented: PresentedKey, address: Address) -> Access:
    """What the presented key gives access to, in a transaction of the tenant that it names.

    Raises Unauthenticated, always the same, for a key that is unknown, wrong, expired or revoked;
    AddressRefused and ApiSwitchedOff only to who proved to have the key.
    """
    found = find_key_with_reach(tx, presented.id)
    if not is_proved(presented, None if found is None else found[0]) or found is None:
        raise unknown_key()
    key, projects, tenant = found
    if not key.is_live(tx.now()):
        raise unknown_key()
    if not key.admits(address):
        raise AddressRefused(
            f"the key {key.id} is not for use from {address}",
            place="api-key",
            mend="Use it from an address that it was made for, or make one for this address",
        )
    if not projects:
        raise ApiSwitchedOff(
            f"the key {key.id} reaches no project that is switched on",
            place="api-key",
            mend="Run: faktura keys switch-on PROJECT",
        )
    return Access(key, projects, tenant)


def require(access: Access, scope: Scope) -> None:
    """Raise ScopeMissing, with its name, where the key was not given the scope."""
    if not access.key.allows(scope):
        raise ScopeMissing(
            f"the key {access.key.id} has no scope {scope}",
            place="api-key",
            mend=f"Make a key with --scope {scope}",
        )


def first_of_line(tx: Tx, key: ApiKey) -> UUID:
    """The id of the first key of those that took over from one another; its own where it is alone.

    What one of them did, all of them did: who repeats a request may have got a new key meanwhile.
    """
    first, before = key.id, key.replaces
    while before is not None:
        first, before = before, replaced_by(tx, before)
    return first


def create_key(
    tx: Tx, new: NewKey, random: RandomBytes = secrets.token_bytes
) -> tuple[ApiKey, str]:
    """Add a key; with it the text that is handed out, which nobody can show again.

    Raises FieldMissing, FieldInvalid, OutOfRange, and NotFound for the project.
    """
    project_id = None if new.project is None else choose_project(read_projects(tx), new.project).id
    _check(new, project_id)
    secret, now = new_secret(random), tx.now()
    key = ApiKey(
        tx.new_id(),
        _name(new.name),
        project_id,
        new.scopes,
        new.networks,
        new.requests_per_minute,
        secret_hash(secret),
        now,
        None if new.lifetime is None else now + new.lifetime,
    )
    write_key(tx, key)
    return key, written_key(tx.tenant_id, key.id, secret)


def list_keys(tx: Tx) -> list[ApiKey]:
    """All keys of the tenant, the ended ones too, oldest first."""
    return read_keys(tx)


def revoke_key(tx: Tx, key_id: UUID) -> ApiKey:
    """End a key at once; a revoked one stays as it is. Raises NotFound."""
    key = _found(tx, key_id)
    if key.revoked_at is not None:
        return key
    revoked = replace(key, revoked_at=tx.now())
    write_end(tx, revoked)
    return revoked


def rotate_key(
    tx: Tx, key_id: UUID, grace: timedelta, random: RandomBytes = secrets.token_bytes
) -> tuple[ApiKey, str]:
    """A new key with the rights of the old one, which stays valid for `grace` and no longer.

    A key with an end gets one of the same length from now. Raises NotFound; TransitionRefused for
    a key that ended or was replaced before; OutOfRange for a negative `grace`.
    """
    old, now = _found(tx, key_id), tx.now()
    if not old.is_live(now):
        raise TransitionRefused(f"the key {key_id} has ended", mend="Make a new one")
    if (successor := find_replacement(tx, key_id)) is not None:
        raise TransitionRefused(
            f"the key {key_id} is replaced by {successor} already", mend="Rotate that one"
        )
    _check_span(grace, least=timedelta(0), place="grace")
    secret = new_secret(random)
    fresh = replace(
        old,
        id=tx.new_id(),
        secret_hash=secret_hash(secret),
        created_at=now,
        expires_at=None if old.expires_at is None else now + (old.expires_at - old.created_at),
        last_used_at=None,
        replaces=old.id,
    )
    write_key(tx, fresh)
    write_end(tx, replace(old, expires_at=min(now + grace, old.expires_at or now + grace)))
    return fresh, written_key(tx.tenant_id, fresh.id, secret)


def switch_api(tx: Tx, project_key: str, *, on: bool) -> Project:
    """Let keys reach a project, or no longer; raises NotFound."""
    found = choose_project(read_projects(tx), project_key)
    switch_project(tx, found.id, on=on)
    return replace(found, api_enabled=on)


def note_use(tx: Tx, uses: Mapping[UUID, datetime]) -> None:
    """Record when keys were used last; an earlier moment than the recorded one changes nothing."""
    write_uses(tx, uses)


def _found(tx: Tx, key_id: UUID) -> ApiKey:
    key = find_key(tx, key_id)
    if key is None:
        raise NotFound(f"there is no key {key_id}", mend="Look at: faktura keys list")
    return key


def _check(new: NewKey, project_id: UUID | None) -> None:
    if not new.scopes:
        raise FieldMissing("a key without a scope opens nothing", place="scope")
    check_reach(new.scopes, project_id)
    if not 1 <= new.requests_per_minute <= _MOST_PER_MINUTE:
        raise OutOfRange(
            f"{new.requests_per_minute} requests a minute cannot be kept",
            place="requests per minute",
            mend=f"Write 1 to {_MOST_PER_MINUTE}",
        )
    if new.lifetime is not None:
        _check_span(new.lifetime, least=timedelta(microseconds=1), place="lifetime")


def _check_span(span: timedelta, *, least: timedelta, place: str) -> None:
    if not least <= span <= _LONGEST:
        raise OutOfRange(f"{span} is too short or too long", place=place, mend="At most 100 years")


def _name(text: str) -> str:
    try:
        line = checked_line(text)
    except (FieldInvalid, OutOfRange) as error:
        raise error.at("name") from None
    if not line:
        raise FieldMissing("a key needs a name", place="name", mend="Say who uses it")
    return line
