"""Bank statements: upload a file, see what it brought in (F096, F099)."""

import asyncio
from typing import TYPE_CHECKING, cast

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.flows.statements import Bank, import_statements
from faktura.services.bank_accounts import bank_account_of
from faktura.services.imports.checks import Fields
from faktura.services.imports.text_fields import Iban, Line
from faktura.store.uploads import UploadKey, list_uploads, read_upload, upload_key
from faktura.web.api.call import Call, Flow, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.replies import Created, Page, page
from faktura.web.api.resources.bank_statement_answers import (
    BankStatementAnswer,
    BankStatementImported,
    BankStatementSummary,
)

if TYPE_CHECKING:
    from faktura.web.uploads import Upload

BANK_STATEMENTS = Resource(
    "BankStatements", "Statement files of the bank: uploaded, kept, and matched with documents."
)

_LARGEST_FILE = 256 * 1024 * 1024


class UploadQuery(Fields):
    """Where the file belongs."""

    account: Iban = Field(description="IBAN of the bank account that it is imported to.")
    filename: Line | None = Field(
        default=None, description="Name of a file that is the body itself; a form names its own."
    )


class BankStatementQuery(Paged):
    """Of which account."""

    account: Iban | None = Field(default=None, description="IBAN of our bank account.")


@BANK_STATEMENTS.post("/BankStatements", Scope.BANK_WRITE, uploads=_LARGEST_FILE)
async def bank_statement_upload(
    call: Flow[UploadQuery, Nothing],
) -> Created[BankStatementImported]:
    """Import a statement file and settle what it pays (F096-F100).

    The enabled plugins say which formats are read. Of a file with several accounts only the named
    one is imported; a movement that is known already is not added again, nor is the same file.
    """
    imported = await asyncio.to_thread(_imported, call)
    return Created(imported, f"/BankStatements/{imported.id}")


@BANK_STATEMENTS.get("/BankStatements", Scope.BANK_READ)
def bank_statement_list(call: Call[BankStatementQuery, Nothing]) -> Page[BankStatementSummary]:
    """Imported files, newest first, a page at a time."""
    query, after = call.query, call.query.after()
    account = None if query.account is None else bank_account_of(call.tx, query.account)
    found = list_uploads(
        call.tx,
        account_id=None if account is None else account.id,
        after=None if after is None else upload_key(after),
        limit=query.limit + 1,
    )
    return page(
        found, query.limit, lambda upload: cursor_of(upload.key.text), BankStatementSummary.of
    )


@BANK_STATEMENTS.get("/BankStatements/{bankStatement}", Scope.BANK_READ)
def bank_statement_get(call: Call[Nothing, Nothing]) -> BankStatementAnswer:
    """One imported file with its statements."""
    key = upload_key(call.path["bankStatement"])
    return BankStatementAnswer.whole(read_upload(call.tx, key))


def _imported(call: Flow[UploadQuery, Nothing]) -> BankStatementImported:
    app, tenant, iban = call.app, call.tenant, call.query.account
    # An operation that takes an upload is not called without one.
    upload = cast("Upload", call.upload)
    bank = Bank(app.database, app.content, app.adapters, tenant)
    report = import_statements(bank, upload.file, upload.name, iban)
    with app.database.read(tenant.id) as tx:
        account = bank_account_of(tx, iban)
    return BankStatementImported.of(UploadKey(account.id, upload.digest()), account.iban, report)
