"""What the scenarios of accounting exporters stand on: building, exporting, reading back, comparing."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, NamedTuple

import pytest

from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import BadInput, ExportRefused, FakturaError
from faktura.kernel.terms import Side
from faktura.plugin import (
    AccountingExporter,
    ExportBatch,
    ExportFile,
    ExportSource,
    JournalEntryData,
)
from faktura.testing.kit.connector_kit import ConnectorKit
from faktura.testing.kit.export_entries import batch, source_of
from faktura.testing.kit.surroundings import KIT_NOW, Surroundings


class ReadEntry(NamedTuple):
    """An entry as the files say it.

    `day` is the accounting date, `name` the key or document number (`named_by`). `amounts` are by
    account, debits positive; a customer's personal account stands for the collective one; nothing
    where an account comes to nothing. `texts` are those that people wrote, as they stand in the file.
    """

    day: date
    name: str
    currency: str
    amounts: Mapping[str, Decimal]
    texts: Collection[str] = ()


class ExportBench(ConnectorKit):
    """What a maker gives, and how files are compared with the entries that they are made of."""

    adapter_class: ClassVar[type[AccountingExporter]]  # type: ignore[mutable-override] # the family's
    settings: ClassVar[Mapping[str, object]] = {}
    named_by: ClassVar[str] = "key"
    """By which field of the journal an entry is known in the file: `key` or `document_number`."""
    guards_formulas: ClassVar[bool] = True
    """Whether texts are kept from being computed by a spreadsheet; for files that people open."""
    longest_text: ClassVar[int | None] = None
    """How many signs of an entry's text are written, where there is a bound of the exporter's own."""
    most_entries_held: ClassVar[int] = 600
    """How many entries may be held at once, however many there are."""

    def read_back(self, files: Sequence[ExportFile]) -> Sequence[ReadEntry]:
        """The entries of the files in their order, read by something else than the exporter."""
        raise AssertionError(f"{type(self).__name__} does not say how its files are read")

    def build(self, moment: datetime = KIT_NOW) -> AccountingExporter:
        """A new exporter at that moment, with the settings of the kit."""
        settings = self.adapter_class.Settings.model_validate(dict(self.settings))
        return self.adapter_class(settings, Surroundings(clock=FixedClock(moment)).runtime())

    def exported(self, source: ExportSource, of: ExportBatch | None = None) -> list[ExportFile]:
        """The files of a source, of the kit's batch if no other is given."""
        return list(self.build().export(of or batch(), source))

    def assert_holds(
        self, files: Sequence[ExportFile], entries: Iterable[JournalEntryData]
    ) -> Sequence[ReadEntry]:
        """The files hold exactly these entries, in this order; gives back what was read."""
        meant = list(entries)
        read = self.read_back(files)
        assert [one.name for one in read] == [getattr(one, self.named_by) for one in meant]
        assert [one.day for one in read] == [one.booked_on for one in meant]
        for found, one in zip(read, meant, strict=True):
            assert (dict(found.amounts), found.currency) == (amounts_of(one), one.currency), one.key
        assert [key for file in files for key in file.entry_keys] == [one.key for one in meant]
        return read

    def assert_refused(self, entries: Sequence[JournalEntryData], at: int = 0) -> None:
        """The export is refused, and the refusal names the entry at that place."""
        with pytest.raises(ExportRefused) as refused:
            self.exported(source_of(entries))
        assert_named(refused.value, entries[at])

    def assert_exact_or_refused(self, one: JournalEntryData, of: ExportBatch | None = None) -> None:
        """The refusal names the entry, or it is in the file to the cent; a note tells other names."""
        files = self.files_unless_refused([one], one, of=of)
        if files is None:
            return
        if any(file.notes for file in files):
            (found,) = self.read_back(files)
            assert found.currency == one.currency
            assert sorted(found.amounts.values()) == sorted(amounts_of(one).values())
        else:
            self.assert_holds(files, [one])

    def files_unless_refused(
        self,
        entries: Sequence[JournalEntryData],
        hostile: JournalEntryData,
        *,
        may_refuse: bool = True,
        of: ExportBatch | None = None,
    ) -> list[ExportFile] | None:
        """The files; None where the export was refused with the name of the hostile entry."""
        refusal: FakturaError | None = None
        try:
            return self.exported(source_of(entries), of)
        except (ExportRefused, BadInput) as refused:
            refusal = refused
        assert may_refuse, refusal
        assert_named(refusal, hostile)
        return None


def assert_named(refused: FakturaError, one: JournalEntryData) -> None:
    """A refusal says which entry, account or currency it is about."""
    names = [one.key, *(each.account for each in one.legs if each.account.strip()), one.currency]
    assert any(name in f"{refused.place} {refused.problem}" for name in names), str(refused)
    assert refused.problem.strip()


def amounts_of(one: JournalEntryData) -> dict[str, Decimal]:
    """What an entry books by account, debits positive; nothing where it comes to nothing."""
    amounts: Counter[str] = Counter()
    for each in one.legs:
        signed = each.amount if each.side is Side.DEBIT else -each.amount
        amounts[each.debtor or each.account] += signed  # type: ignore[assignment] # exact sums
    return {account: Decimal(amount) for account, amount in amounts.items() if amount}
