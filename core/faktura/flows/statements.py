"""A statement file from upload to settled documents.

The file's bytes are kept first, then it is parsed without a transaction, stored in one, and its
movements are matched in small ones: a crash anywhere leaves nothing half done, and starting again
goes on.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from faktura.domain.bank_accounts import BankAccount
from faktura.domain.tenants import Tenant
from faktura.flows.statement_spool import spool_for
from faktura.kernel.errors import FakturaError, FileUnreadable
from faktura.plugin import StatementParser, StatementRecord
from faktura.services.bank_accounts import bank_account_of
from faktura.services.reconciliation import Matched, match_chunk, open_register
from faktura.services.statement_reports import ImportReport
from faktura.services.statements import store_statements
from faktura.store.blobs import ContentStore
from faktura.store.database import Database
from faktura.store.movements import waiting_ids
from faktura.store.statements import UploadRow, count_anew

log = logging.getLogger("faktura.bank")

Progress = Callable[[int], None]

_HEAD = 64 * 1024
_MOVEMENTS_A_CHUNK = 200
# So many new movements change what the database should know about them.
_MANY = 2_000


class Parsers(Protocol):
    """The statement parsers of the enabled plugins."""

    def parsers(self, tenant_id: int) -> Iterator[StatementParser]:
        """Each parser in the order of the settings."""
        ...


@dataclass(frozen=True, slots=True)
class Bank:
    """What the bank's side of a tenant works with."""

    database: Database
    content: ContentStore
    parsers: Parsers
    tenant: Tenant


@dataclass(frozen=True, slots=True)
class Fed:
    """What a connection of a feed handed over for one account: statements of kind FEED.

    `source` names the connection, `digest` the raw answers in the content store, `name` is what
    people are told.
    """

    source: str
    digest: bytes
    name: str
    format: str
    records: Iterable[StatementRecord]


@dataclass(frozen=True, slots=True)
class BankReport:
    """What an upload brought in, and what the matching after it came to over all movements."""

    imported: ImportReport
    matched: Matched


def _silent(_movements: int) -> None:
    return None


def import_statements(
    bank: Bank, source: BinaryIO, filename: str, iban: str, *, progress: Progress = _silent
) -> BankReport:
    """Import a statement file for the chosen account and settle what it pays (F096-F100).

    `source` is seekable and read from its beginning; its bytes are never all in memory. Raises
    NotFound and FieldInvalid for the account, FileUnreadable for a file nobody recognises,
    WrongAccount for one of another account, and what its parser raises; nothing is stored then
    but the raw file, if it was recognised.
    """
    with bank.database.read(bank.tenant.id) as tx:
        account = bank_account_of(tx, iban)
    source.seek(0)
    parser = recognising_parser(bank.parsers, bank.tenant.id, source.read(_HEAD), filename)
    digest = bank.content.keep(bank.tenant.id, source)
    upload = UploadRow(account.id, digest, filename, parser.format_id)
    # What was kept is what is read: the source may change meanwhile.
    with bank.content.open(bank.tenant.id, digest) as kept:
        try:
            imported = _store(bank, account, upload, read_records(parser, kept, filename))
        except FakturaError as error:
            # Whoever looks into it finds the file's bytes in the content store by this.
            log.warning("statement_refused content=%s error=%s", digest.hex(), error.code)
            raise
    return BankReport(imported, match_open(bank.database, bank.tenant, progress=progress))


def import_fed(bank: Bank, account: BankAccount, fed: Fed) -> ImportReport:
    """Store what a feed handed over; what is known already leaves no trace, nothing is matched.

    The raw answers are in the content store before. Raises what a file's import raises.
    """
    upload = UploadRow(account.id, fed.digest, fed.name, fed.format)
    return _store(bank, account, upload, fed.records, feed=fed.source)


def match_open(database: Database, tenant: Tenant, *, progress: Progress = _silent) -> Matched:
    """Decide about all movements that wait, in booking order, until nothing more comes of it.

    Again, because a payment that stands behind its return lets that be booked, and a return opens
    what another payment waits for. `progress` is told how many movements were looked at.
    """
    booked = returned = 0
    while True:
        done = _match_once(database, tenant, progress)
        booked += done.booked
        returned += done.returned
        if not done.booked and not done.returned:
            return Matched(booked, returned, done.open)


def recognising_parser(
    parsers: Parsers, tenant_id: int, head: bytes, filename: str
) -> StatementParser:
    """The first enabled parser that recognises the file; raises FileUnreadable."""
    if not head:
        raise FileUnreadable(
            "the file is empty", place=filename, mend="Fetch it from the bank once more"
        )
    enabled = list(parsers.parsers(tenant_id))
    for parser in enabled:
        if parser.recognises(head, filename):
            return parser
    formats = ", ".join(parser.format_id for parser in enabled)
    raise FileUnreadable(
        "no enabled format fits the file",
        place=filename,
        mend=f"Enabled: {formats}" if formats else "Enable a plugin in FAKTURA_PLUGINS",
    )


def read_records(
    parser: StatementParser, source: BinaryIO, filename: str
) -> Iterator[StatementRecord]:
    """A parser's records; its errors name the file."""
    try:
        yield from parser.parse(source, filename)
    except FakturaError as error:
        raise _in_file(error, filename) from None


def _in_file(error: FakturaError, filename: str) -> FakturaError:
    return error if filename in error.place else error.at(filename)


def _store(
    bank: Bank,
    account: BankAccount,
    upload: UploadRow,
    records: Iterable[StatementRecord],
    *,
    feed: str = "",
) -> ImportReport:
    with spool_for(account) as spool:
        try:
            spool.fill(records)
        except FakturaError as error:
            raise _in_file(error, upload.filename) from None
        with bank.database.write(bank.tenant.id) as tx:
            statements = spool.statements()
            report = store_statements(tx, account, upload, statements, spool.others, feed=feed)
    if report.new >= _MANY:
        with bank.database.write(bank.tenant.id) as tx:
            count_anew(tx)
    return report


def _match_once(database: Database, tenant: Tenant, progress: Progress) -> Matched:
    with database.read(tenant.id) as tx:
        ids = waiting_ids(tx)
        if not ids:
            return Matched()
        register = open_register(tx, tenant)
    booked = returned = still_open = 0
    for first in range(0, len(ids), _MOVEMENTS_A_CHUNK):
        chunk = ids[first : first + _MOVEMENTS_A_CHUNK]
        with database.write(tenant.id) as tx:
            done = match_chunk(tx, tenant, register, chunk)
        booked += done.booked
        returned += done.returned
        still_open += done.open
        progress(len(chunk))
    return Matched(booked, returned, still_open)
