"""Exporters that get it wrong: the core counts, it does not trust."""

from collections.abc import Iterator
from datetime import date

import pytest
from tests.services.accounting.paper import Paper, paper
from tests.services.company import bill, settle
from typing_extensions import override

from faktura.flows.exports import export_entries
from faktura.kernel.errors import ExportRefused, PluginBroken
from faktura.plugin import ExportBatch, ExportFile, ExportSource
from faktura.services.exports import ExportRequest
from faktura.store.exports import next_batch_number
from faktura.testing.export_sources import GivenSource

OCTOBER = ExportRequest(date(2026, 10, 1), date(2026, 10, 31))


@pytest.fixture
def tenant(company):
    """Two invoices and a payment."""
    for _ in range(2):
        company.contract(company.customer(), "A-1")
    bill(company.database, company.tenant)
    settle(company.database, company.tenant, "RE-000001", 3570)
    return company.tenant


class Refusing(Paper):
    """An exporter that finds something wrong after its first file."""

    @override
    def export(self, batch: ExportBatch, source: ExportSource) -> Iterator[ExportFile]:
        """One file, then a refusal."""
        yield from super().export(batch, source)
        raise ExportRefused("an entry cannot be written")


def test_a_refusal_leaves_no_batch(database, tenant, contents):
    """Nothing is handed over, nothing is marked as exported."""
    refusing = paper(database, Refusing)
    with pytest.raises(ExportRefused):
        export_entries(database, contents, tenant, refusing, OCTOBER)

    receipt = export_entries(database, contents, tenant, paper(database), OCTOBER)

    assert receipt.batch is not None
    assert (receipt.batch.number, receipt.entries) == (1, 3)


class Losing(Paper):
    """An exporter that loses an entry."""

    @override
    def export(self, batch: ExportBatch, source: ExportSource) -> Iterator[ExportFile]:
        """All but the last."""
        return super().export(batch, GivenSource(list(source.entries())[:-1]))


class Doubling(Paper):
    """An exporter that writes everything twice."""

    @override
    def export(self, batch: ExportBatch, source: ExportSource) -> Iterator[ExportFile]:
        """Twice, under two names."""
        yield from super().export(batch, source)
        for file in super().export(batch, source):
            yield file.model_copy(update={"name": f"again-{file.name}"})


class Inventing(Paper):
    """An exporter that writes an entry that nobody posted."""

    @override
    def export(self, batch: ExportBatch, source: ExportSource) -> Iterator[ExportFile]:
        """One more."""
        for file in super().export(batch, source):
            yield file.model_copy(update={"entry_keys": (*file.entry_keys, "inv:NONE")})


@pytest.mark.parametrize(
    ("broken", "named"),
    [(Losing, "pay:RE-000001:1"), (Doubling, "inv:RE-000001"), (Inventing, "inv:NONE")],
)
def test_an_exporter_that_loses_doubles_or_invents_an_entry_is_refused(
    database, tenant, contents, broken, named
):
    """The core counts; it does not trust."""
    with pytest.raises(PluginBroken, match=f"do not hold every entry exactly once: {named}"):
        export_entries(database, contents, tenant, paper(database, broken), OCTOBER)

    with database.read(tenant.id) as tx:
        assert next_batch_number(tx, "paper") == 1


class Repeating(Paper):
    """An exporter whose second file has the name of the first."""

    @override
    def export(self, batch: ExportBatch, source: ExportSource) -> Iterator[ExportFile]:
        """Everything under one name."""
        for file in super().export(batch, source):
            yield file.model_copy(update={"name": "all.txt"})


def test_two_files_of_one_name_are_refused(database, tenant, contents):
    """One would be written over the other."""
    with pytest.raises(PluginBroken, match=r"two files are called all\.txt"):
        export_entries(database, contents, tenant, paper(database, Repeating), OCTOBER)
