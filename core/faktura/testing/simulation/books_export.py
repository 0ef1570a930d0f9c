"""The simulated accounting: an exporter that writes a row a leg, and a reader who keeps them."""

from collections.abc import Iterator
from typing import ClassVar

from typing_extensions import override

from faktura.kernel.money import Money
from faktura.plugin import AccountingExporter, ExportBatch, ExportFile, ExportSource

NAME = "simulated-datev"


class SimulatedExporter(AccountingExporter):
    """One file a batch: `key TAB account TAB side TAB minor units TAB currency`, a leg a line."""

    target: ClassVar[str] = NAME

    @override
    def export(self, batch: ExportBatch, source: ExportSource) -> Iterator[ExportFile]:
        """The file of the batch."""
        lines: list[str] = []
        keys: list[str] = []
        for entry in source.entries():
            keys.append(entry.key)
            lines += [
                "\t".join(
                    (
                        entry.key,
                        leg.debtor or leg.account,
                        leg.side.value,
                        str(Money.from_decimal(leg.amount, entry.currency).minor),
                        entry.currency,
                    )
                )
                for leg in entry.legs
            ]
        yield ExportFile(
            name=f"batch-{batch.number}.tsv",
            media_type="text/tab-separated-values",
            content="\n".join(lines).encode(),
            rows=len(lines),
            entry_keys=tuple(keys),
        )


def rows_of(content: bytes) -> list[tuple[str, str, str, Money]]:
    """The rows of such a file."""
    found = []
    for line in content.decode().splitlines():
        key, account, side, minor, currency = line.split("\t")
        found.append((key, account, side, Money(int(minor), currency)))
    return found
