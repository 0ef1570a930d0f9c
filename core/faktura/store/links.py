"""Connections to accounting systems: who allowed them, their tokens, logins that were begun.

Tokens are secrets of the instance `link:<target>`, so that keys are rotated as for all others.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from pydantic import SecretStr
from sqlalchemy import delete, select

from faktura.kernel.canonical import canonical_json
from faktura.kernel.errors import IntegrityBroken
from faktura.plugin import LinkTokens, LoginRequest
from faktura.store.codec import from_json, to_json
from faktura.store.secrets import KeyRing, put_secret, read_secrets, remove_secret
from faktura.store.tables import accounting_link, link_login
from faktura.store.transaction import Tx

_TOKENS = "tokens"


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """What is known of a connection; moments in UTC.

    `refresh_until` is when the person must log in again at the latest. `problems` are what the last
    check found. `refreshing_since` is set while somebody redeems the refresh token. `broken` says
    why the connection is of no use any more.
    """

    refresh_until: datetime
    person: str = ""
    client: str = ""
    client_name: str = ""
    checked_at: datetime | None = None
    problems: tuple[str, ...] = ()
    refreshing_since: datetime | None = None
    broken: str = ""


@dataclass(frozen=True, slots=True)
class StoredLink:
    """A connection to a target, made at a moment in UTC."""

    target: str
    connected_at: datetime
    facts: LinkFacts


def find_link(tx: Tx, target: str, *, lock: bool = False) -> StoredLink | None:
    """The connection to that target, None if there is none; locked until the transaction ends."""
    wanted = select(accounting_link).where(
        accounting_link.c.tenant_id == tx.tenant_id, accounting_link.c.target == target
    )
    row = tx.connection.execute(wanted.with_for_update() if lock else wanted).one_or_none()
    return None if row is None else _stored(row.target, row.connected_at, row.data)


def list_links(tx: Tx) -> list[StoredLink]:
    """All connections of the tenant, by target."""
    rows = tx.connection.execute(
        select(accounting_link)
        .where(accounting_link.c.tenant_id == tx.tenant_id)
        .order_by(accounting_link.c.target)
    )
    return [_stored(row.target, row.connected_at, row.data) for row in rows]


def _stored(target: str, connected_at: datetime, data: str) -> StoredLink:
    return StoredLink(target, connected_at, from_json(data, LinkFacts))


def write_link(tx: Tx, keys: KeyRing, target: str, facts: LinkFacts, tokens: LinkTokens) -> None:
    """Keep a new connection and its tokens, replacing an earlier one."""
    remove_link(tx, target)
    tx.connection.execute(
        accounting_link.insert().values(
            tenant_id=tx.tenant_id,
            target=target,
            instance=target,
            data=to_json(facts, LinkFacts),
            connected_at=tx.now(),
        )
    )
    put_tokens(tx, keys, target, tokens)


def change_link(tx: Tx, target: str, facts: LinkFacts) -> None:
    """Replace what is known of a connection."""
    tx.connection.execute(
        accounting_link.update()
        .where(accounting_link.c.tenant_id == tx.tenant_id, accounting_link.c.target == target)
        .values(data=to_json(facts, LinkFacts))
    )


def remove_link(tx: Tx, target: str) -> None:
    """Forget a connection with its tokens; nothing happens if there is none."""
    remove_secret(tx, _instance(target), _TOKENS)
    tx.connection.execute(
        delete(accounting_link).where(
            accounting_link.c.tenant_id == tx.tenant_id, accounting_link.c.target == target
        )
    )


def put_tokens(tx: Tx, keys: KeyRing, target: str, tokens: LinkTokens) -> None:
    """Keep the tokens of a connection, replacing earlier ones."""
    content = canonical_json(
        {
            "access": tokens.access.get_secret_value(),
            "access_until": tokens.access_until,
            "refresh": tokens.refresh.get_secret_value(),
            "refresh_until": tokens.refresh_until,
            "person": tokens.person,
        }
    )
    put_secret(tx, keys, _instance(target), _TOKENS, content)


def read_tokens(tx: Tx, keys: KeyRing, target: str) -> LinkTokens:
    """The tokens of a connection that exists; raises as `read_secrets` does."""
    found = read_secrets(tx, keys, _instance(target)).get(_TOKENS)
    if found is None:
        raise IntegrityBroken("the tokens of the connection are missing", place=f"link {target}")
    return LinkTokens.model_validate_json(found)


def add_login(tx: Tx, keys: KeyRing, target: str, login: LoginRequest) -> None:
    """Keep a login that was begun, sealed; logins begun before remain."""
    content = {
        "tenant": tx.tenant_id,
        "target": target,
        "login": {
            "url": login.url,
            "state": login.state,
            "nonce": login.nonce.get_secret_value(),
            "verifier": login.verifier.get_secret_value(),
            "redirect_uri": login.redirect_uri,
        },
    }
    sealed = keys.encrypt(canonical_json(content)).decode()
    tx.connection.execute(
        link_login.insert().values(
            tenant_id=tx.tenant_id,
            target=target,
            state_hash=_hash(login.state),
            sealed=f"{keys.newest}:{sealed}",
            created_at=tx.now(),
        )
    )


def take_login(
    tx: Tx, keys: KeyRing, target: str, state: str, not_before: datetime
) -> LoginRequest | None:
    """The login of that state, gone with this: of two takers one has it; None also for an old one."""
    row = tx.connection.execute(
        delete(link_login)
        .where(
            link_login.c.tenant_id == tx.tenant_id,
            link_login.c.target == target,
            link_login.c.state_hash == _hash(state),
        )
        .returning(link_login.c.sealed, link_login.c.created_at)
    ).one_or_none()
    if row is None or row.created_at < not_before:
        return None
    key_id, _, sealed = row.sealed.partition(":")
    place = f"login at {target}"
    content = json.loads(keys.decrypt(sealed.encode(), key_id, place))
    # Fernet binds a text to no row: whose it is stands inside it.
    if (content["tenant"], content["target"]) != (tx.tenant_id, target):
        raise IntegrityBroken("the ciphertext belongs to another login", place=place)
    given = content["login"]
    return LoginRequest(
        url=given["url"],
        state=given["state"],
        nonce=SecretStr(given["nonce"]),
        verifier=SecretStr(given["verifier"]),
        redirect_uri=given["redirect_uri"],
    )


def delete_logins(tx: Tx, before: datetime) -> int:
    """Forget the tenant's logins that were begun earlier; how many they were."""
    gone = tx.connection.execute(
        delete(link_login).where(
            link_login.c.tenant_id == tx.tenant_id, link_login.c.created_at < before
        )
    )
    return gone.rowcount


def _hash(state: str) -> bytes:
    return sha256(state.encode(errors="surrogatepass")).digest()


def _instance(target: str) -> str:
    return f"link:{target}"
