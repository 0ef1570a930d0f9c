"""What tests of interim billing and collective invoices ask of the world."""

from collections.abc import Sequence
from datetime import date

from tests.services.changes.world import NoFormats, World

from faktura.flows.previews import preview_run
from faktura.services.contracts import add_activity
from faktura.services.imports.contract_file import ActivityFields
from faktura.services.imports.entries import Form
from faktura.services.imports.validation import fields_of
from faktura.services.interim_billing import (
    InterimBilled,
    InterimPreview,
    bill_interim,
    preview_interim,
)
from faktura.store.billing import Scope
from faktura.store.documents import read_documents
from faktura.store.facts import FrozenDocument


def interim(world: World, number: str, on: date) -> InterimBilled:
    """Interim billing, as a person asks for it."""
    with world.database.write(world.tenant.id) as tx:
        return bill_interim(tx, world.desk, number, on)


def dry_interim(world: World, number: str, on: date) -> InterimPreview:
    """The same as a dry run."""
    with world.database.read(world.tenant.id) as tx:
        return preview_interim(tx, world.desk, number, on)


def dry_run(world: World, on: date) -> list[dict[str, object]]:
    """What a run of that day would issue and hold back."""
    return list(preview_run(world.database, world.tenant, NoFormats(), on, scope=Scope()))


def waits(world: World, number: str, article: str, quantity: str, **given: object) -> None:
    """A one-off of 12 August 2019 that waits on the contract."""
    fields = {"articleNumber": article, "quantity": quantity, "from": "2019-08-12", **given}
    with world.database.write(world.tenant.id) as tx:
        add_activity(tx, world.tenant, number, fields_of(ActivityFields, fields, Form.REST))


def totals(world: World, documents: Sequence[FrozenDocument]) -> list[tuple[str, str, str]]:
    """Net, VAT and gross of issued documents, as they are stored."""
    with world.database.read(world.tenant.id) as tx:
        found = read_documents(tx, [one.id for one in documents])
    return [tuple(str(m.decimal) for m in (one.net, one.tax, one.gross)) for one in found]  # type: ignore[misc]
