"""An exporter that writes what it is given as plain lines, and what exports of it hold."""

import logging
from collections.abc import Iterator
from itertools import groupby
from typing import ClassVar

from tests.services.company import NoState
from typing_extensions import override

from faktura.flows.exports import ExportReceipt
from faktura.kernel.clock import FixedClock
from faktura.plugin import (
    AccountingExporter,
    AdapterSettings,
    ExportBatch,
    ExportFile,
    ExportSource,
    Runtime,
)
from faktura.store.blobs import ContentStore
from faktura.store.database import Database


class Paper(AccountingExporter):
    """A line an entry in a file a month, with the debtors before it."""

    target: ClassVar[str] = "paper"

    @override
    def export(self, batch: ExportBatch, source: ExportSource) -> Iterator[ExportFile]:
        """The debtors where they are asked for, then the months."""
        if batch.options.debtors:
            lines = [f"{debtor.account} {debtor.customer_number}" for debtor in source.debtors()]
            yield _file("debtors.txt", lines, ())
        by_month = groupby(source.entries(), key=lambda entry: f"{entry.booked_on:%Y%m}")
        for month, entries in by_month:
            held = [(entry.key, f"{entry.seq} {entry.key} {entry.text}") for entry in entries]
            yield _file(f"{month}.txt", [line for _, line in held], tuple(key for key, _ in held))


def _file(name: str, lines: list[str], keys: tuple[str, ...]) -> ExportFile:
    content = "".join(f"{line}\n" for line in lines).encode()
    return ExportFile(
        name=name, media_type="text/plain", content=content, rows=len(lines), entry_keys=keys
    )


def paper(database: Database, maker: type[Paper] = Paper) -> Paper:
    """The exporter, or one that differs from it."""
    clock = database.clock
    assert isinstance(clock, FixedClock)
    return maker(AdapterSettings(), Runtime(clock, logging.getLogger("test"), NoState()))


def keys_of(contents: ContentStore, tenant_id: int, receipt: ExportReceipt) -> list[str]:
    """The keys of the entries in the files of a batch, in their order."""
    assert receipt.batch is not None
    return [
        line.split()[1]
        for file in receipt.batch.files
        if file.entries
        for line in contents.get(tenant_id, file.digest).decode().splitlines()
    ]
