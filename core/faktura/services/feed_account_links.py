"""Which account of a feed brings the movements of which bank account of ours (P55, F099)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from faktura.domain.bank_accounts import BankAccount
from faktura.domain.bank_connections import AccountFacts, ConnectedAccount, seen_account
from faktura.kernel.bank_terms import FeedAccountState
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.errors import Conflict, NotFound, WrongAccount, shortened
from faktura.plugin import FeedAccount
from faktura.services.bank_accounts import bank_account_of
from faktura.store.bank_accounts import read_bank_accounts
from faktura.store.bank_connections import (
    connection_of,
    list_connections,
    list_feed_accounts,
    put_feed_accounts,
    rewrite_connection,
)
from faktura.store.tasks import ask_once, finish_open
from faktura.store.tenants import lock_tenant
from faktura.store.transaction import Tx


def keep_accounts(tx: Tx, connection_id: UUID, seen: Sequence[FeedAccount]) -> bool:
    """Take over what a feed says of a connection's accounts; whether one of them is read anew.

    One that the feed does not name any more is gone; whoever comes with its IBAN takes its place. The
    caller has locked the connection.
    """
    ours = {account.id: account for account in read_bank_accounts(tx)}
    before = {one.reference: one for one in list_feed_accounts(tx, connection_id)}
    now = {one.reference: _now(connection_id, one) for one in seen}
    for reference, old in before.items():
        if reference not in now:
            gone = replace(old.facts, state=FeedAccountState.GONE)
            before[reference] = now[reference] = replace(old, facts=gone)
    others = _links(tx, living_but=connection_id)
    kept: list[ConnectedAccount] = []
    # Those that are gone come last: what they brought is free for whoever has the IBAN now.
    for reference in sorted(now, key=lambda one: (_is_gone(now[one]), one)):
        standing = [one for one in before.values() if not _is_gone(now[one.reference])]
        mine = [one for one in (*standing, *kept) if one.reference != reference]
        taken = others | {one.bank_account_id for one in mine if one.bank_account_id}
        kept.append(_kept(before.get(reference), now[reference], ours, taken))
    put_feed_accounts(tx, kept)
    for account in kept:
        was = before.get(account.reference)
        _ask(tx, account, differed=was is not None and was.facts.differs)
    return not _read(kept) <= _read(before.values())


def _read(accounts: Iterable[ConnectedAccount]) -> set[tuple[str, UUID | None]]:
    """Which accounts are imported, and into which of ours."""
    return {(one.reference, one.bank_account_id) for one in accounts if one.is_read}


def _kept(
    before: ConnectedAccount | None,
    now: ConnectedAccount,
    ours: dict[UUID, BankAccount],
    taken: set[UUID],
) -> ConnectedAccount:
    if _is_gone(now):
        linked = before.bank_account_id if before is not None else None
        facts = replace(now.facts, iban=now.facts.iban or (before.facts.iban if before else None))
        return replace(now, facts=facts, bank_account_id=None if linked in taken else linked)
    return seen_account(before, now, ours, taken)


def _is_gone(account: ConnectedAccount) -> bool:
    return account.facts.state is FeedAccountState.GONE


def _links(tx: Tx, *, living_but: UUID) -> set[UUID]:
    """The bank accounts that accounts of other living connections bring."""
    living = {one.id for one in list_connections(tx)} - {living_but}
    return {
        one.bank_account_id
        for one in list_feed_accounts(tx)
        if one.bank_account_id is not None and one.connection_id in living and not _is_gone(one)
    }


def _ask(tx: Tx, account: ConnectedAccount, *, differed: bool) -> None:
    if not account.facts.differs:
        if differed:
            finish_open(tx, TaskKind.BANK_NEEDS_PERSON, _subject(account))
        return
    ask_once(
        tx,
        TaskKind.BANK_NEEDS_PERSON,
        _subject(account),
        f"A bank feed names the IBAN {account.label} for an account that is linked to another one"
        " of yours. Nothing of it is imported until then: faktura bank link",
    )


def _subject(account: ConnectedAccount) -> str:
    return f"{account.connection_id}:{account.reference}"


def link_account(tx: Tx, connection_id: UUID, reference: str, iban: str) -> ConnectedAccount:
    """Let an account of the connection bring the movements of the bank account of that IBAN.

    `reference` is the feed's id of it, or its IBAN. All that the feed knows is read again the next time.
    Raises NotFound, FieldInvalid, WrongAccount for one that has another IBAN, Conflict where another
    account brings them already.
    """
    lock_tenant(tx)
    connection = connection_of(tx, connection_id, lock=True)
    account = bank_account_of(tx, iban)
    found = _account_called(tx, connection_id, reference)
    seen = found.facts.iban
    if seen is not None and not account.owns(seen, None, found.facts.currency):
        raise WrongAccount(
            f"the account is {seen} at the bank, not {account.iban}",
            place="iban",
            mend="Link it to that one; add it first: faktura bank accounts add",
        )
    own = [one for one in list_feed_accounts(tx, connection_id) if one.reference != found.reference]
    if account.id in _links(tx, living_but=connection_id) or any(
        one.bank_account_id == account.id and not _is_gone(one) for one in own
    ):
        raise Conflict(f"another account of a feed brings {account.iban} already", place="iban")
    linked = replace(found, bank_account_id=account.id, facts=replace(found.facts, differs=False))
    freed = [replace(one, bank_account_id=None) for one in own if one.bank_account_id == account.id]
    put_feed_accounts(tx, [*freed, linked])
    finish_open(tx, TaskKind.BANK_NEEDS_PERSON, _subject(linked))
    # Older bookings of it were passed over so far; reading all of them again adds no other twice.
    rewrite_connection(tx, replace(connection, read_from=None))
    return linked


def _account_called(tx: Tx, connection_id: UUID, name: str) -> ConnectedAccount:
    accounts = list_feed_accounts(tx, connection_id)
    for one in accounts:
        if name.replace(" ", "").upper() in (one.reference.upper(), one.facts.iban):
            return one
    known = ", ".join(f"{one.reference} ({one.label})" for one in accounts)
    raise NotFound(
        f"the connection has no account “{shortened(name)}”",
        place="account",
        mend=f"It has: {known}" if known else "It has none yet: update it first",
    )


def _now(connection_id: UUID, account: FeedAccount) -> ConnectedAccount:
    facts = AccountFacts(
        None if account.iban is None else account.iban.replace(" ", "").upper(),
        account.number,
        account.holder,
        account.name,
        account.currency,
        account.balance,
        account.is_seized,
        account.state,
        account.updated_at,
        account.tried_at,
    )
    return ConnectedAccount(connection_id, account.reference, None, facts)
