"""Accounting exports: numbered batches of files for other bookkeeping programs."""

import asyncio

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.flows.exports import ExportReceipt, export_entries
from faktura.kernel.errors import FieldInvalid, NotFound, shortened
from faktura.plugin import ExportOptions
from faktura.services.export_batches import Voiding, void_batch
from faktura.services.exports import ExportRequest
from faktura.services.imports.checks import Fields
from faktura.services.imports.text_fields import Filled, Number
from faktura.services.imports.value_fields import Day, Flag
from faktura.store.exports import StoredBatch, StoredFile, list_batches, read_batch
from faktura.web.api.call import Call, Flow, Nothing
from faktura.web.api.cursors import Paged, cursor_of, place_of
from faktura.web.api.operation import Resource
from faktura.web.api.replies import File, Page, page
from faktura.web.api.resources.accounting_export_answers import (
    AccountingExportAnswer,
    AccountingExportMade,
    AccountingExportVoided,
)

ACCOUNTING_EXPORTS = Resource(
    "AccountingExports", "Numbered batches of files for other bookkeeping programs."
)

_ONE = "/AccountingExports/{target}/{exportNumber}"
_DIGITS = 18


class AccountingExportFields(Fields):
    """Which entries are exported, and where to; what is left out comes with a later export."""

    target: Number = Field(description="Name of the exporter, e.g. `datev`.")
    from_: Day = Field(alias="from", description="The first accounting date.")
    until: Day = Field(description="The last accounting date, inclusive.")
    payments: Flag = Field(default=True, description="Payments, returns and refunds as well.")
    corrections: Flag = Field(default=True, description="Corrections and credit notes as well.")
    deferrals: Flag = Field(default=True, description="Deferrals of revenue as well.")
    debtors: Flag = Field(default=True, description="The customers' master data as well.")
    without_drafts: Flag = Field(
        default=False,
        description="Leave out entries that wait for an account, instead of refusing the export.",
    )


class AccountingExportVoidFields(Fields):
    """Why a batch is taken back."""

    reason: Filled = Field(description="Why; it is kept with the batch.")
    handed_over: Flag = Field(
        default=False,
        description="Take it back although the other side has it, or may have it.",
    )


class AccountingExportQuery(Paged):
    """Of which target."""

    target: Number | None = Field(default=None, description="Name of the exporter.")


@ACCOUNTING_EXPORTS.post("/AccountingExports", Scope.ACCOUNTING_WRITE)
async def accounting_export_create(
    call: Flow[Nothing, AccountingExportFields],
) -> AccountingExportMade:
    """Export the entries of these days that never went to the target, as a numbered batch.

    Where nothing is left of these days `export` is null, and no batch is made.
    """
    receipt = await asyncio.to_thread(_exported, call)
    return AccountingExportMade.of_receipt(receipt)


@ACCOUNTING_EXPORTS.get("/AccountingExports", Scope.ACCOUNTING_READ)
def accounting_export_list(
    call: Call[AccountingExportQuery, Nothing],
) -> Page[AccountingExportAnswer]:
    """Batches by target, newest first, a page at a time."""
    query = call.query
    found = list_batches(call.tx, query.target, after=_after(query.cursor), limit=query.limit + 1)
    return page(
        found,
        query.limit,
        lambda batch: cursor_of(batch.target, str(batch.number)),
        AccountingExportAnswer.of,
    )


@ACCOUNTING_EXPORTS.get(_ONE, Scope.ACCOUNTING_READ)
def accounting_export_get(call: Call[Nothing, Nothing]) -> AccountingExportAnswer:
    """One batch with its files."""
    return AccountingExportAnswer.of(_named(call))


@ACCOUNTING_EXPORTS.get(f"{_ONE}/Files/{{fileNumber}}", Scope.ACCOUNTING_READ)
def accounting_export_file(call: Call[Nothing, Nothing]) -> File:
    """The bytes of a file of a batch, as they were first made; files count from 1."""
    file = _file(_named(call), call.path["fileNumber"])
    content = call.app.content.get(call.tenant.id, file.digest)
    return File(content, file.media_type, file.name)


@ACCOUNTING_EXPORTS.post(f"{_ONE}/void", Scope.ACCOUNTING_WRITE)
def accounting_export_void(
    call: Call[Nothing, AccountingExportVoidFields],
) -> AccountingExportVoided:
    """Take a batch back: its entries go out with a later one; its number and its files stay."""
    number = _number(call.path["exportNumber"])
    body = call.body
    given = Voiding(body.reason, call.access.key.name, body.handed_over)
    done = void_batch(call.tx, call.path["target"], number, given)
    return AccountingExportVoided.of_voided(done)


def _exported(call: Flow[Nothing, AccountingExportFields]) -> ExportReceipt:
    app, tenant, body = call.app, call.tenant, call.body
    targets = app.adapters.export_targets()
    if body.target not in targets:
        raise FieldInvalid(
            f"no enabled plugin exports to “{shortened(body.target)}”",
            place="target",
            mend=f"Use one of: {', '.join(targets)}" if targets else "Enable a plugin that exports",
        )
    options = ExportOptions(
        payments=body.payments,
        corrections=body.corrections,
        deferrals=body.deferrals,
        debtors=body.debtors,
    )
    request = ExportRequest(body.from_, body.until, options, body.without_drafts)
    exporter = app.adapters.exporter(tenant.id, body.target)
    return export_entries(app.database, app.content, tenant, exporter, request)


def _named(call: Call[Nothing, Nothing]) -> StoredBatch:
    return read_batch(call.tx, call.path["target"], _number(call.path["exportNumber"]))


def _file(batch: StoredBatch, text: str) -> StoredFile:
    number = _number(text)
    if not 1 <= number <= len(batch.files):
        raise NotFound(f"the batch has {len(batch.files)} files", place="fileNumber")
    return batch.files[number - 1]


def _number(text: str) -> int:
    """The number in an address; what is none names nothing."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        raise NotFound("there is nothing of that number", place="exportNumber")
    return int(text)


def _after(cursor: str | None) -> tuple[str, int] | None:
    if cursor is None:
        return None
    target, number = place_of(cursor, 2)
    if not (number.isascii() and number.isdecimal() and len(number) <= _DIGITS):
        raise FieldInvalid(
            "the cursor is none of ours", place="cursor", mend="Give nextCursor as it is"
        )
    return target, int(number)
