"""Connections to banks as the feed sees them: new ones taken up, accounts linked, changes told (P55)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from faktura.domain.bank_connections import (
    BankConnection,
    ConnectionFacts,
    Errand,
)
from faktura.domain.events import Event, EventType
from faktura.domain.feed_status import ConnectionView, StatusCode, statuses
from faktura.kernel.bank_terms import FeedResult, FeedTaskKind, FeedTaskState
from faktura.kernel.contract_terms import TaskKind
from faktura.plugin import FeedConnection
from faktura.services.feed_account_links import keep_accounts
from faktura.services.payment_events import write_events
from faktura.store.bank_accounts import read_bank_accounts
from faktura.store.bank_connections import (
    connection_of,
    list_connections,
    list_feed_accounts,
    rewrite_connection,
    write_connection,
)
from faktura.store.bank_feeds import feed_of
from faktura.store.events import next_sequences
from faktura.store.feed_errands import errands_under_way
from faktura.store.tasks import ask_once, finish_open
from faktura.store.tenants import lock_tenant, read_tenant
from faktura.store.transaction import Tx

_OBJECT = "bank_connection"


@dataclass(frozen=True, slots=True)
class Shown:
    """A connection with all that its state is read off, and where its movements go."""

    view: ConnectionView
    ibans: dict[UUID, str]

    @property
    def connection(self) -> BankConnection:
        """The connection itself."""
        return self.view.connection


def view_connection(tx: Tx, connection: BankConnection) -> ConnectionView:
    """All that the connection's state is read off."""
    under_way = errands_under_way(tx, connection.id)
    return ConnectionView(
        connection,
        tuple(list_feed_accounts(tx, connection.id)),
        under_way[-1] if under_way else None,
        feed_of(tx, connection.instance).problem,
        read_tenant(tx).bank,
    )


def show_connection(tx: Tx, connection_id: UUID) -> Shown:
    """The connection; raises NotFound."""
    return _shown(tx, connection_of(tx, connection_id))


def show_connections(tx: Tx, *, ended: bool = False) -> list[Shown]:
    """All connections, oldest first; those that are ended only where they are asked for."""
    return [_shown(tx, one) for one in list_connections(tx, ended=ended)]


def _shown(tx: Tx, connection: BankConnection) -> Shown:
    ours = {account.id: account.iban for account in read_bank_accounts(tx)}
    return Shown(view_connection(tx, connection), ours)


def keep_connection(tx: Tx, connection: BankConnection) -> BankConnection:
    """Keep a connection, which the caller has locked; its new state is told where it differs.

    That an update runs is no news.
    """
    view = view_connection(tx, connection)
    codes = tuple(
        dict.fromkeys(
            one.code.value
            for one in statuses(view, tx.now())
            if one.code is not StatusCode.UPDATING
        )
    )
    if codes == connection.facts.told:
        rewrite_connection(tx, connection)
        return connection
    told = replace(connection, facts=replace(connection.facts, told=codes))
    rewrite_connection(tx, told)
    data: dict[str, object] = {
        "connection": str(told.id),
        "bank": told.bank_name,
        "statuses": list(codes),
    }
    sequence = next_sequences(tx, [told.id])[told.id]
    write_events(tx, [Event(EventType.BANK_CONNECTION_CHANGED, _OBJECT, told.id, sequence, data)])
    return told


def tell_what_time_changed(tx: Tx) -> None:
    """Tell of connections whose state is another one only because time went by."""
    for one in list_connections(tx):
        keep_connection(tx, connection_of(tx, one.id, lock=True))


def ask_person(tx: Tx, connection: BankConnection, problem: str, mend: str) -> None:
    """Have a person look at a connection, once; the caller has locked it."""
    ask_once(
        tx,
        TaskKind.BANK_NEEDS_PERSON,
        str(connection.id),
        f"{connection.bank_name}: {problem}. {mend}",
    )


def keep_seen(
    tx: Tx, instance: str, seen: Sequence[FeedConnection], errand: Errand
) -> BankConnection | None:
    """Take over what a feed says of all connections of its user; the one that the errand was about.

    Unknown ones are taken up, those that are missing have ended. None where the errand's own one is
    not among them.
    """
    # Two that take up the same connection at once would both add it.
    lock_tenant(tx)
    known = {one.reference: one for one in list_connections(tx, instance=instance, ended=True)}
    there = {one.reference for one in seen}
    for one in known.values():
        if one.reference not in there and one.ended_at is None:
            end_connection(tx, one.id)
    own = None
    for one_seen in seen:
        is_own = _is_own(errand, known.get(one_seen.reference), one_seen)
        end = errand.state if is_own else None
        kept = _keep_one(tx, instance, known.get(one_seen.reference), one_seen, end)
        own = kept if is_own else own
    return own


def end_connection(tx: Tx, connection_id: UUID) -> BankConnection:
    """The connection is over: nothing is updated any more, its bank accounts are free for another."""
    locked = connection_of(tx, connection_id, lock=True)
    if locked.ended_at is not None:
        return locked
    finish_open(tx, TaskKind.BANK_NEEDS_PERSON, str(connection_id))
    return keep_connection(tx, replace(locked, ended_at=tx.now(), busy_until=None, next_at=None))


def _is_own(errand: Errand, known: BankConnection | None, seen: FeedConnection) -> bool:
    if errand.connection_id is not None:
        return known is not None and known.id == errand.connection_id
    if errand.facts.connection:
        return errand.facts.connection == seen.reference
    return errand.kind is FeedTaskKind.CONNECT and known is None


def _keep_one(
    tx: Tx,
    instance: str,
    known: BankConnection | None,
    seen: FeedConnection,
    end: FeedTaskState | None,
) -> BankConnection:
    """Keep what is seen; `end` is how an update of this very connection ended, None for another's."""
    if known is None:
        # Where no errand of ours goes on with it, the clock has it updated.
        known = BankConnection(
            tx.new_id(), instance, seen.reference, seen.bank_name, next_at=tx.now()
        )
        write_connection(tx, known)
    locked = connection_of(tx, known.id, lock=True)
    if keep_accounts(tx, locked.id, seen.accounts):
        # Older bookings of it were passed over so far.
        locked = replace(locked, read_from=None)
    if locked.ended_at is not None:
        # One that was missing for a while is there again.
        locked = replace(locked, next_at=tx.now(), ended_at=None)
    facts = _facts_now(locked.facts, seen, end)
    return keep_connection(tx, replace(locked, bank_name=seen.bank_name, facts=facts))


def _facts_now(
    before: ConnectionFacts, seen: FeedConnection, end: FeedTaskState | None
) -> ConnectionFacts:
    """What is known now; a bad end stands until an update of this very connection ended well.

    A form that nobody filled, or a fault of the bank's machine, makes no wrong PIN right.
    """
    is_done = end is FeedTaskState.DONE
    stands = not is_done and before.result is FeedResult.REJECTED
    unknown = seen.result is FeedResult.UNKNOWN and not is_done
    keeps = stands or unknown
    still_waits = before.needs_person and end not in (FeedTaskState.DONE, FeedTaskState.FAILED)
    return replace(
        before,
        bic=seen.bic or before.bic,
        is_busy=seen.is_busy,
        needs_person=seen.needs_person or still_waits,
        consent=seen.consent,
        consent_until=seen.consent_until,
        result=before.result if keeps else seen.result,
        message=before.message if keeps else seen.message,
        result_at=before.result_at if keeps else seen.result_at,
    )
