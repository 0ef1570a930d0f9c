"""The second stage of an update: what the feed has of a connection's accounts, into the books (F098)."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256
from uuid import UUID

from faktura.domain.bank_accounts import BankAccount
from faktura.domain.bank_connections import BankConnection, ConnectedAccount
from faktura.domain.feed_failures import FailureKind, FeedFailure
from faktura.domain.feed_rhythm import BEGINNING, read_from
from faktura.flows.feed_calls import FeedDesk, OpenFeed
from faktura.flows.feed_spool import FeedSpool, feed_spool
from faktura.flows.statements import Fed, import_fed, match_open
from faktura.flows.transactions import in_read_tx, in_tx
from faktura.kernel.canonical import canonical_json
from faktura.kernel.clock import local_date
from faktura.kernel.errors import FakturaError, shortened
from faktura.plugin import StatementEnd, StatementKind, StatementRecord, StatementStart
from faktura.services.feed_ends import Read
from faktura.services.feed_errands import hold
from faktura.store.bank_accounts import read_bank_accounts
from faktura.store.bank_connections import list_feed_accounts
from faktura.store.transaction import Tx

_MOST_PAGES = 2_000


async def read_movements(
    feed: OpenFeed, connection: BankConnection, errand_id: UUID
) -> Read | FeedFailure:
    """Import what the feed has learned since the last update, and settle what it pays.

    What was read before adds nothing. A page that cannot be had fails all of it: the cursor stays.
    However much it is, only one page of it is in memory.
    """
    desk = feed.desk
    linked = await in_read_tx(desk.database, desk.tenant.id, _linked, connection.id)
    with feed_spool() as pages:
        failure = await _spool_pages(feed, list(linked), _since(desk, connection), errand_id, pages)
        if failure is not None:
            return failure
        read_hash = _hash(pages, linked)
        if pages.has_movements and read_hash != connection.facts.read_hash:
            try:
                await asyncio.to_thread(_import, desk, connection, linked, pages)
            except FakturaError as error:
                return FeedFailure(FailureKind.LOST, f"not imported: {shortened(error.problem)}")
        return Read(pages.adjusted, read_hash, frozenset(linked))


def _since(desk: FeedDesk, connection: BankConnection) -> date:
    """The cursor, or earlier: a clock that was ahead may have left it in the future."""
    if connection.read_from is None:
        return BEGINNING
    today = local_date(desk.database.clock, desk.tenant.time_zone)
    return min(connection.read_from, read_from(today))


def _linked(tx: Tx, connection_id: UUID) -> dict[str, BankAccount]:
    """The bank account of each of the connection's accounts that is imported, by the feed's id."""
    ours = {account.id: account for account in read_bank_accounts(tx)}
    accounts: Sequence[ConnectedAccount] = list_feed_accounts(tx, connection_id)
    return {
        one.reference: ours[one.bank_account_id]
        for one in accounts
        if one.bank_account_id is not None and one.is_read
    }


async def _spool_pages(
    feed: OpenFeed, accounts: Sequence[str], since: date, errand_id: UUID, pages: FeedSpool
) -> FeedFailure | None:
    if not accounts:
        return None
    for number in range(1, _MOST_PAGES + 1):
        await in_tx(feed.desk.database, feed.desk.tenant.id, hold, errand_id)
        page = await feed.ask(lambda: feed.feed.movements(feed.user, accounts, since, number))  # noqa: B023 - awaited here
        if isinstance(page, FeedFailure):
            return page
        await asyncio.to_thread(pages.add, page)
        if not page.more:
            return None
    return FeedFailure(FailureKind.LOST, f"it has more than {_MOST_PAGES} pages")


def _import(
    desk: FeedDesk, connection: BankConnection, linked: dict[str, BankAccount], pages: FeedSpool
) -> None:
    # The evidence is durable before the row that names it.
    digest = desk.content.keep(desk.tenant.id, pages.raw)
    name = f"{connection.bank_name} {local_date(desk.database.clock, desk.tenant.time_zone)}"
    for reference, account in linked.items():
        if pages.count(reference):
            records = _records(account, reference, pages)
            source = f"feed:{connection.id.hex}"
            import_fed(desk.bank, account, Fed(source, digest, name, connection.instance, records))
    match_open(desk.database, desk.tenant)


def _records(account: BankAccount, reference: str, pages: FeedSpool) -> Iterator[StatementRecord]:
    yield StatementStart(
        kind=StatementKind.FEED,
        account_iban=account.iban,
        account_currency=account.currency,
        message_id=reference,
        statement_id=reference,
    )
    yield from pages.movements(reference)
    yield StatementEnd(entries=pages.count(reference), warnings=pages.adjusted)


def _hash(pages: FeedSpool, linked: dict[str, BankAccount]) -> str:
    """Stands for what was read into which accounts: the same again need not be imported again."""
    content = {
        reference: [account.iban, pages.digest(reference)] for reference, account in linked.items()
    }
    return sha256(canonical_json(content).encode()).hexdigest()
