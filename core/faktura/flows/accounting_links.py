"""Connections to accounting systems: login, tokens for a call, check, end.

No transaction is open while the other side is asked. What must not be lost is committed before it
is used: a login before the person is sent away, new tokens before the first call with them.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar, assert_never

from faktura.flows.transactions import in_read_tx, in_tx
from faktura.kernel.errors import FakturaError, Misconfigured, shortened
from faktura.kernel.outside_errors import (
    LinkExpired,
    LinkRefused,
    OutcomeUnknown,
    OutsideUnavailable,
)
from faktura.plugin import AccountingLink, LinkedClient, LinkTokens
from faktura.services.link_tokens import (
    Ended,
    Redeem,
    Turn,
    Usable,
    Wait,
    break_refreshed,
    end_link,
    give_turn_back,
    keep_check,
    keep_connection,
    keep_refreshed,
    present_link,
    take_turn,
)
from faktura.store.database import Database
from faktura.store.links import StoredLink, add_login, delete_logins, remove_link, take_login
from faktura.store.secrets import KeyRing
from faktura.store.transaction import Tx

LOGIN_LASTS = timedelta(minutes=10)
_PAUSE_SECONDS = 0.2
# Longer than whoever refreshes may take before the connection counts as broken.
_LOOKS = 600

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Linked:
    """A tenant's link to a target, and where its connection is kept."""

    database: Database
    keys: KeyRing
    tenant_id: int
    link: AccountingLink

    @property
    def target(self) -> str:
        """What it is a link to."""
        return self.link.target


def redirect_uri(public_url: str | None, target: str, tenant_key: str) -> str:
    """Where a person comes back to after a login; raises Misconfigured without a public address."""
    if public_url is None:
        raise Misconfigured(
            "nobody said by which address browsers find us, and a login comes back there",
            place="FAKTURA_PUBLIC_URL",
            mend="Set it, e.g. to https://billing.example.com, and register the address"
            f" …/connect/{target}/{tenant_key} at {target}",
        )
    return f"{public_url}/connect/{target}/{tenant_key}"


async def begin_login(linked: Linked, comes_back_to: str) -> str:
    """The address where a person logs in and allows the connection; good for ten minutes, once."""
    login = await linked.link.login(comes_back_to)
    await in_tx(linked.database, linked.tenant_id, add_login, linked.keys, linked.target, login)
    return login.url


async def finish_login(
    linked: Linked, *, state: str, code: str, refusal: str = ""
) -> tuple[LinkTokens, LinkedClient]:
    """Keep the connection of a person who came back; who it was, and what it may do.

    `refusal` is what the other side says instead of a code. Raises LinkRefused for a state that is
    not ours, was used already or is older than ten minutes. A connection whose client lacks a
    permission is kept with that problem, so that it can be checked again once it is mended.
    """
    not_before = linked.database.clock.now() - LOGIN_LASTS
    place = f"login at {linked.target}"
    login = await in_tx(
        linked.database,
        linked.tenant_id,
        take_login,
        linked.keys,
        linked.target,
        state,
        not_before,
    )
    if login is None:
        raise LinkRefused(
            "nobody is waiting for this login: it is unknown, used or older than ten minutes",
            place=place,
            mend=f"Begin again: faktura accounting connect {linked.target}",
        )
    if refusal or not code:
        raise LinkRefused(
            f"the login was refused there: {shortened(refusal or 'it gave no code')}",
            place=place,
            mend=f"Begin again: faktura accounting connect {linked.target}",
        )
    tokens = await linked.link.redeem(login, code)
    client = await _looked_at(linked, tokens)
    await in_tx(
        linked.database,
        linked.tenant_id,
        keep_connection,
        linked.keys,
        linked.target,
        tokens,
        client,
    )
    return tokens, client


async def _looked_at(linked: Linked, tokens: LinkTokens) -> LinkedClient:
    """What the connection may do; that it could not be asked is a problem, not the login's end."""
    try:
        return await linked.link.client(tokens)
    except FakturaError as error:
        return LinkedClient(client="", name="", problems=(str(error),))


async def tokens_of(linked: Linked, rejected: str | None = None) -> LinkTokens:
    """Tokens whose access token can be used now; refreshed by one at a time where it is needed.

    `rejected` is an access token that the other side no longer takes. Raises NotFound without a
    connection, LinkExpired when the person must log in again, OutsideUnavailable.
    """
    for _ in range(_LOOKS):
        turn: Turn = await in_tx(
            linked.database, linked.tenant_id, take_turn, linked.keys, linked.target, rejected
        )
        match turn:
            case Usable(tokens=tokens):
                return tokens
            case Redeem() as mine:
                return await _redeemed(linked, mine)
            case Ended(error=error):
                raise error
            case Wait():
                await asyncio.sleep(_PAUSE_SECONDS)
            case never:
                assert_never(never)
    raise _busy(linked)


def _busy(linked: Linked) -> OutsideUnavailable:
    return OutsideUnavailable(
        "another process has been refreshing its tokens for too long",
        place=f"connection to {linked.target}",
        mend="Try again in a minute",
    )


async def _redeemed(linked: Linked, mine: Redeem) -> LinkTokens:
    database, tenant_id, target = linked.database, linked.tenant_id, linked.target
    try:
        fresh = await linked.link.refresh(mine.tokens)
    except (OutsideUnavailable, Misconfigured):
        # Nothing was asked: not now, or not with these settings.
        await in_tx(database, tenant_id, give_turn_back, target, mine.connected_at)
        raise
    except OutcomeUnknown as error:
        reason = f"the answer to a refresh was lost, and with it the tokens ({error.problem})"
        raise await _broken(linked, mine, reason) from error
    except FakturaError as error:
        raise await _broken(linked, mine, f"its tokens were refused: {error.problem}") from error
    await in_tx(database, tenant_id, keep_refreshed, linked.keys, target, fresh, mine.connected_at)
    return fresh


async def _broken(linked: Linked, mine: Redeem, reason: str) -> LinkExpired:
    return await in_tx(
        linked.database,
        linked.tenant_id,
        break_refreshed,
        linked.target,
        reason,
        mine.connected_at,
    )


async def with_tokens(linked: Linked, act: Callable[[LinkTokens], Awaitable[T]]) -> T:
    """Do something with usable tokens; with fresh ones once more where they are refused as expired."""
    tokens = await tokens_of(linked)
    try:
        return await act(tokens)
    except LinkExpired:
        fresh = await tokens_of(linked, rejected=tokens.access.get_secret_value())
    return await act(fresh)


async def check(linked: Linked) -> StoredLink:
    """Ask what the connection may do and keep the answer; raises as `tokens_of`, and LinkRefused."""
    client = await with_tokens(linked, linked.link.client)
    return await in_tx(linked.database, linked.tenant_id, keep_check, linked.target, client)


async def disconnect(linked: Linked) -> str:
    """Revoke both tokens, then forget the connection; what went wrong there, empty when nothing did.

    It is forgotten in any case. Raises NotFound.
    """
    tokens = await _ended(linked)
    problem = ""
    try:
        await linked.link.revoke(tokens)
    except FakturaError as error:
        problem = str(error)
    await in_tx(linked.database, linked.tenant_id, remove_link, linked.target)
    return problem


async def _ended(linked: Linked) -> LinkTokens:
    for _ in range(_LOOKS):
        tokens = await in_tx(
            linked.database, linked.tenant_id, end_link, linked.keys, linked.target
        )
        if tokens is not None:
            return tokens
        await asyncio.sleep(_PAUSE_SECONDS)
    raise _busy(linked)


async def connection(linked: Linked) -> StoredLink:
    """The connection as it is known; raises NotFound."""
    return await in_read_tx(linked.database, linked.tenant_id, present_link, linked.target)


def forget_old_logins(tx: Tx) -> int:
    """Delete logins that nobody finished; how many they were."""
    return delete_logins(tx, tx.now() - LOGIN_LASTS)
