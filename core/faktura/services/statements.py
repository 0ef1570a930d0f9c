"""Storing an uploaded statement file: all of it or nothing, each movement once (F099, P40)."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict
from uuid import UUID

from faktura.domain.bank_accounts import BankAccount
from faktura.domain.movement_keys import StatementKeys
from faktura.domain.statement_places import Telling
from faktura.kernel.bank_terms import Notifications
from faktura.kernel.contract_terms import TaskKind
from faktura.plugin import BankTransaction, StatementKind
from faktura.services.arriving_batches import Arrival
from faktura.services.movement_arrivals import Arrivals, Delivery, arrival_of
from faktura.services.movement_view import movement_of
from faktura.services.parsed_statements import Checked, ParsedStatement, checked, money_of
from faktura.services.statement_reports import ImportReport, Tally, whole_report
from faktura.services.statement_warnings import is_doubtful, statement_warnings
from faktura.services.told_movements import Identities, Tellings, Wanted
from faktura.store.bank_accounts import lock_bank_account
from faktura.store.statements import (
    StatementRow,
    UploadRow,
    forget_upload,
    is_uploaded,
    write_report,
    write_statement,
    write_upload,
)
from faktura.store.tasks import ask_once
from faktura.store.transaction import Tx

_MOVEMENTS_A_WRITE = 1000
# What is booked comes first: it tells the others what is known.
_ORDER = (
    StatementKind.STATEMENT,
    StatementKind.FEED,
    StatementKind.REPORT,
    StatementKind.NOTIFICATION,
)


def store_statements(
    tx: Tx,
    account: BankAccount,
    upload: UploadRow,
    statements: Sequence[ParsedStatement],
    others: Collection[tuple[str, str]],
    *,
    feed: str = "",
) -> ImportReport:
    """Add a file's statements and their new movements; the same file again adds nothing.

    `others` are accounts that are not imported, each with the file of the archive it stands in.
    `feed` names the connection that statements of kind FEED come from: what is known of it already
    leaves no trace. Raises TooPrecise for a balance or an amount.
    """
    lock_bank_account(tx, account.id)
    if is_uploaded(tx, account.id, upload.sha256):
        known = tuple(dict.fromkeys(other for _, other in others))
        return ImportReport(
            upload.filename, upload.format, already_imported=True, other_accounts=known
        )
    write_upload(tx, upload)
    importing = _Import(tx, account, upload, feed)
    for file, other in others:
        importing.tally(file).others.append(other)
    importing.add(checked(statements))
    report = importing.report()
    if feed and not (report.new or report.held):
        forget_upload(tx, upload)
        return report
    write_report(tx, upload, asdict(report))
    if report.held:
        _ask(tx, account, report.held)
    return report


def _ask(tx: Tx, account: BankAccount, held: int) -> None:
    ask_once(
        tx,
        TaskKind.MOVEMENT_DOUBTFUL,
        account.iban,
        f"{held} of the movements may have come from another source before: let each count, or dismiss"
        " it (faktura bank list --state HELD)",
    )


class _Import:
    """One upload on its way into the database."""

    def __init__(self, tx: Tx, account: BankAccount, upload: UploadRow, feed: str) -> None:
        self._tx = tx
        self._account = account
        self._upload = upload
        self._feed = feed
        self._files: dict[str, Tally] = {}

    def tally(self, file: str) -> Tally:
        """What is counted of a file of the archive."""
        return self._files.setdefault(file, Tally())

    def add(self, statements: Sequence[Checked]) -> None:
        """Store the statements with the movements that are new."""
        for one in statements:
            self.tally(one.statement.start.file)
        for kind in _ORDER:
            of_kind = [one for one in statements if one.statement.start.kind is kind]
            if of_kind:
                self._add_kind(kind, of_kind)

    def report(self) -> ImportReport:
        """What was done so far."""
        return whole_report(self._upload.filename, self._upload.format, self._files)

    def _add_kind(self, kind: StatementKind, statements: Sequence[Checked]) -> None:
        delivery = self._delivery(kind)
        told = None
        if kind is StatementKind.STATEMENT:
            told = Tellings(self._tx, self._account, self._upload.format, delivery.source)
        arrivals = Arrivals(self._tx, self._account, delivery, told)
        ids = [self._write_statement(one, statements) for one in statements]
        own = [self._telling(*one) for one in zip(ids, statements, strict=True)]
        if arrivals.may_be_told_twice:
            for _, batch in self._arriving(statements, own, told):
                arrivals.name_known(batch)
        for place, batch in self._arriving(statements, own, told):
            tally = self.tally(statements[place].statement.start.file)
            arrivals.take(own[place], batch, tally)

    def _telling(self, statement_id: UUID, one: Checked) -> Telling:
        start, end = one.statement.start, one.statement.end
        if start.kind is not StatementKind.STATEMENT:
            return Telling(statement_id)
        return Telling(
            statement_id,
            start.statement_id,
            start.sequence,
            start.page,
            money_of(end.opening),
            money_of(end.closing),
            is_doubtful=is_doubtful(self._tx, self._account, one),
        )

    def _arriving(
        self, statements: Sequence[Checked], own: Sequence[Telling], told: Tellings | None
    ) -> Iterator[tuple[int, list[Arrival]]]:
        """The booked movements with their keys, by the statement's place, whole entries at a time."""
        identities = None
        if told is not None:
            identities = Identities(self._tx, self._account, told, remembers=len(statements) > 1)
        for place, records, wanted in _wanted(statements):
            if identities is None:
                keys = [(one.identity.key(one.movement), False) for one in wanted]
            else:
                keys = identities.of(own[place], wanted)
            yield (
                place,
                [
                    arrival_of(record, one.movement, key, is_doubtful=doubted)
                    for record, one, (key, doubted) in zip(records, wanted, keys, strict=True)
                ],
            )

    def _delivery(self, kind: StatementKind) -> Delivery:
        if kind is StatementKind.FEED:
            return Delivery(self._feed, books=True)
        books = (
            kind is not StatementKind.NOTIFICATION
            or self._account.notifications is Notifications.BOOKINGS
        )
        return Delivery(f"{self._upload.format}:{kind}", books=books)

    def _write_statement(self, one: Checked, beside: Sequence[Checked]) -> UUID:
        statement = one.statement
        warnings = statement_warnings(
            self._tx, self._account, one, [other.statement for other in beside]
        )
        row = _statement_row(self._tx.new_id(), one, tuple(warnings))
        write_statement(self._tx, self._upload, row)
        tally = self.tally(statement.start.file)
        tally.warnings += [f"{statement.label}: {warning}" for warning in warnings]
        tally.statements += 1
        tally.entries += statement.end.entries
        tally.previews += statement.previews
        return row.id


def _wanted(
    statements: Sequence[Checked],
) -> Iterator[tuple[int, list[BankTransaction], list[Wanted]]]:
    keys: dict[int, StatementKeys] = {}
    for place, one in enumerate(statements):
        of_group = keys.setdefault(one.statement.group, StatementKeys(one.statement.repeated))
        for records in _in_batches(one.statement.booked):
            movements = [movement_of(record) for record in records]
            yield place, records, [Wanted(one, of_group.identity_of(one)) for one in movements]


def _in_batches(records: Iterable[BankTransaction]) -> Iterator[list[BankTransaction]]:
    """Many at a time, but never a part of an entry."""
    batch: list[BankTransaction] = []
    for record in records:
        if len(batch) >= _MOVEMENTS_A_WRITE and record.detail_index == 0:
            yield batch
            batch = []
        batch.append(record)
    if batch:
        yield batch


def _statement_row(statement_id: UUID, one: Checked, warnings: tuple[str, ...]) -> StatementRow:
    start, end = one.statement.start, one.statement.end
    # The numbers of reports and notifications are other rows of numbers: they leave no gaps here.
    counted = start.kind is StatementKind.STATEMENT
    return StatementRow(
        statement_id,
        start.message_id,
        start.statement_id,
        start.sequence if counted else None,
        start.page,
        money_of(end.opening),
        money_of(end.closing),
        one.balanced,
        one.statement.ends_on,
        warnings,
    )
