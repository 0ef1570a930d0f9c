"""Tokens of a connection: used, refreshed by one at a time, thrown away when nobody knows.

A refresh token is redeemed once; redeeming it twice ends the whole session at the other side. So
whoever wants to redeem it says so in a committed row first, and whoever finds that row waits. When
it is not known whether a token was redeemed, it is not tried again: the person logs in anew.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from faktura.kernel.errors import NotFound
from faktura.kernel.outside_errors import LinkExpired, LinkRefused
from faktura.plugin import LinkedClient, LinkTokens
from faktura.store.links import (
    LinkFacts,
    StoredLink,
    change_link,
    find_link,
    put_tokens,
    read_tokens,
    write_link,
)
from faktura.store.secrets import KeyRing
from faktura.store.transaction import Tx

# A token that ends on the way is of no use.
_RESERVE = timedelta(seconds=30)
# Longer than the longest wait for an answer: whoever refreshes longer has died.
_LONGEST_REFRESH = timedelta(seconds=90)
_LOST = "the answer to a refresh was lost, and with it the connection's tokens"


@dataclass(frozen=True, slots=True)
class Usable:
    """Tokens that can be used now."""

    tokens: LinkTokens


@dataclass(frozen=True, slots=True)
class Redeem:
    """The caller, and nobody else, redeems the refresh token of these.

    `connected_at` says of which connection: a person may make a new one meanwhile.
    """

    tokens: LinkTokens
    connected_at: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody else is refreshing."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The connection is of no use; committed before it is told."""

    error: LinkExpired


Turn: TypeAlias = Usable | Redeem | Wait | Ended


def present_link(tx: Tx, target: str, *, lock: bool = False) -> StoredLink:
    """The connection to that target; raises NotFound."""
    found = find_link(tx, target, lock=lock)
    if found is None:
        raise NotFound(
            f"there is no connection to {target}",
            place="link",
            mend=f"Begin one, where it is wanted: faktura accounting connect {target}",
        )
    return found


def good_link(tx: Tx, target: str) -> StoredLink:
    """The connection, if it can be used; raises NotFound, LinkExpired, LinkRefused with its problems."""
    link = present_link(tx, target)
    if link.facts.broken:
        raise expired(target, link.facts.broken)
    if link.facts.problems:
        raise LinkRefused(
            "; ".join(link.facts.problems),
            place=f"connection to {target}",
            mend=f"When it is mended: faktura accounting link check {target}",
        )
    return link


def take_turn(tx: Tx, keys: KeyRing, target: str, rejected: str | None = None) -> Turn:
    """What to do for a usable access token; `rejected` is one the other side no longer takes."""
    link = present_link(tx, target, lock=True)
    facts, now = link.facts, tx.now()
    if facts.broken:
        return Ended(expired(target, facts.broken))
    tokens = read_tokens(tx, keys, target)
    if facts.refreshing_since is not None:
        if now - facts.refreshing_since <= _LONGEST_REFRESH:
            return Wait()
        return Ended(break_link(tx, target, _LOST))
    is_known_bad = rejected == tokens.access.get_secret_value()
    if tokens.access_until - _RESERVE > now and not is_known_bad:
        return Usable(tokens)
    if tokens.refresh_until <= now:
        return Ended(break_link(tx, target, "the time for which it was allowed is over"))
    change_link(tx, target, replace(facts, refreshing_since=now))
    return Redeem(tokens, link.connected_at)


def keep_refreshed(
    tx: Tx, keys: KeyRing, target: str, tokens: LinkTokens, connected_at: datetime
) -> None:
    """Keep new tokens before anybody uses them; without effect where the connection is gone."""
    link = _still_there(tx, target, connected_at)
    if link is None:
        return
    put_tokens(tx, keys, target, tokens)
    facts = replace(link.facts, refreshing_since=None, refresh_until=tokens.refresh_until)
    change_link(tx, target, facts)


def give_turn_back(tx: Tx, target: str, connected_at: datetime) -> None:
    """The refresh token was surely not redeemed: the next one may."""
    link = _still_there(tx, target, connected_at)
    if link is not None:
        change_link(tx, target, replace(link.facts, refreshing_since=None))


def break_refreshed(tx: Tx, target: str, reason: str, connected_at: datetime) -> LinkExpired:
    """Mark the connection whose refresh went wrong as of no use, unless a new one is there."""
    if _still_there(tx, target, connected_at) is None:
        return expired(target, reason)
    return break_link(tx, target, reason)


def _still_there(tx: Tx, target: str, connected_at: datetime) -> StoredLink | None:
    """The connection that was made then: what becomes of its tokens must not touch a newer one."""
    link = find_link(tx, target, lock=True)
    return link if link is not None and link.connected_at == connected_at else None


def break_link(tx: Tx, target: str, reason: str) -> LinkExpired:
    """Mark the connection as of no use; the error that says so to whoever asks."""
    link = find_link(tx, target, lock=True)
    if link is not None:
        change_link(tx, target, replace(link.facts, refreshing_since=None, broken=reason))
    return expired(target, reason)


def expired(target: str, reason: str) -> LinkExpired:
    """The error of a connection that needs a new login."""
    return LinkExpired(
        reason,
        place=f"connection to {target}",
        mend=f"Log in again: faktura accounting connect {target}",
    )


def keep_connection(
    tx: Tx, keys: KeyRing, target: str, tokens: LinkTokens, client: LinkedClient
) -> None:
    """Keep a connection that a person has just allowed and that was checked."""
    facts = LinkFacts(
        refresh_until=tokens.refresh_until,
        person=tokens.person,
        client=client.client,
        client_name=client.name,
        checked_at=tx.now(),
        problems=client.problems,
    )
    write_link(tx, keys, target, facts, tokens)


def keep_check(tx: Tx, target: str, client: LinkedClient) -> StoredLink:
    """Keep what a check found; raises NotFound when the connection is gone."""
    link = present_link(tx, target, lock=True)
    facts = replace(
        link.facts,
        client=client.client,
        client_name=client.name,
        checked_at=tx.now(),
        problems=client.problems,
    )
    change_link(tx, target, facts)
    return replace(link, facts=facts)


def end_link(tx: Tx, keys: KeyRing, target: str) -> LinkTokens | None:
    """Let nobody use the connection any more; its tokens, to be revoked, or None: wait and ask again.

    Raises NotFound. Where somebody is refreshing, the tokens to revoke are not there yet.
    """
    link = present_link(tx, target, lock=True)
    since = link.facts.refreshing_since
    if since is not None and tx.now() - since <= _LONGEST_REFRESH:
        return None
    tokens = read_tokens(tx, keys, target)
    break_link(tx, target, link.facts.broken or "it was ended by us")
    return tokens
