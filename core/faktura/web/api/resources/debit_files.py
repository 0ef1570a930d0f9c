"""Files of collective debits: made, read, handed in, cancelled (F101, F102)."""

import asyncio

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.flows.debit_files import Debits, Made
from faktura.kernel.errors import FieldInvalid, NotFound
from faktura.services.debit_files import Cancelling, cancel_file, hand_in, show_file
from faktura.services.imports.checks import Fields
from faktura.services.imports.text_fields import Filled, Number
from faktura.services.imports.value_fields import Day, Flag
from faktura.store.debit_files import list_files, read_file
from faktura.web.api.call import Call, Flow, Nothing
from faktura.web.api.cursors import Paged, cursor_of, place_of
from faktura.web.api.operation import Resource
from faktura.web.api.replies import File, Page, page
from faktura.web.api.resources.debit_file_answers import (
    DebitFileAnswer,
    DebitFileDetailAnswer,
    DebitFilesMade,
)

DEBIT_FILES = Resource(
    "DebitFiles", "Collective SEPA debits as files for the bank; a person hands them in."
)

_ONE = "/DebitFiles/{account}/{fileNumber}"
_DIGITS = 9


class DebitFilesFields(Fields):
    """Which debits are put into files."""

    account: Number | None = Field(default=None, description="Only those of this account.")
    until: Day | None = Field(
        default=None,
        description="Also those that the bank takes from a later day on, up to this one; else today.",
    )


class DebitFileCancelFields(Fields):
    """Why a file is cancelled."""

    reason: Filled = Field(description="Why; it is kept with the file.")
    bank_refused: Flag = Field(
        default=False, description="The bank has it and does not collect what is cancelled."
    )
    invoices: tuple[Number, ...] = Field(
        default=(), strict=False, description="Only the debits of these documents were refused."
    )


class DebitFileQuery(Paged):
    """Of which account."""

    account: Number | None = Field(default=None, description="The account that collects.")


@DEBIT_FILES.post("/DebitFiles", Scope.BANK_WRITE)
async def debit_file_create(call: Flow[Nothing, DebitFilesFields]) -> DebitFilesMade:
    """Put the debits that the bank takes now into files; one scheme a file (F101).

    A debit with a problem is left out with a task. Where no debit waits no file is made.
    """
    made = await asyncio.to_thread(_made, call)
    return DebitFilesMade.of_made(made, call.app.clock.now())


@DEBIT_FILES.get("/DebitFiles", Scope.BANK_READ)
def debit_file_list(call: Call[DebitFileQuery, Nothing]) -> Page[DebitFileAnswer]:
    """Files by account, newest first, a page at a time."""
    query, now = call.query, call.tx.now()
    found = list_files(call.tx, query.account, after=_after(query.cursor), limit=query.limit + 1)
    return page(
        found,
        query.limit,
        lambda file: cursor_of(file.instance, str(file.no)),
        lambda file: DebitFileAnswer.of(file, now),
    )


@DEBIT_FILES.get(_ONE, Scope.BANK_READ)
def debit_file_get(call: Call[Nothing, Nothing]) -> DebitFileDetailAnswer:
    """One file with its debits and what became of each."""
    return DebitFileDetailAnswer.of_view(show_file(call.tx, *_named(call)), call.tx.now())


@DEBIT_FILES.get(f"{_ONE}/Content", Scope.BANK_READ)
def debit_file_content(call: Call[Nothing, Nothing]) -> File:
    """The bytes for the bank, as they were first made."""
    file = read_file(call.tx, *_named(call))
    content = call.app.content.get(call.tenant.id, file.digest)
    return File(content, file.media_type, file.filename)


@DEBIT_FILES.post(f"{_ONE}/handIn", Scope.BANK_WRITE)
def debit_file_hand_in(call: Call[Nothing, Nothing]) -> DebitFileDetailAnswer:
    """Note that the bank has it; statements settle its debits from now on."""
    return DebitFileDetailAnswer.of_view(hand_in(call.tx, *_named(call)), call.tx.now())


@DEBIT_FILES.post(f"{_ONE}/cancel", Scope.BANK_WRITE)
def debit_file_cancel(call: Call[Nothing, DebitFileCancelFields]) -> DebitFileDetailAnswer:
    """Free its debits: the next run collects their documents anew.

    One that was handed in only where the bank refused it: else it would be collected twice.
    """
    body = call.body
    given = Cancelling(body.reason, body.bank_refused, body.invoices)
    account, number = call.path["account"], _number(call.path["fileNumber"])
    done = cancel_file(call.tx, account, number, given)
    return DebitFileDetailAnswer.of_view(done, call.tx.now())


def _made(call: Flow[Nothing, DebitFilesFields]) -> list[Made]:
    app, body = call.app, call.body
    debits = Debits(app.database, app.content, app.adapters, call.tenant)
    return [debits.make(filing, body.until) for filing in debits.filings(body.account)]


def _named(call: Call[Nothing, Nothing]) -> tuple[str, int]:
    return call.path["account"], _number(call.path["fileNumber"])


def _number(text: str) -> int:
    """The number in an address; what is none names nothing."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        raise NotFound("there is no file of that number", place="fileNumber")
    return int(text)


def _after(cursor: str | None) -> tuple[str, int] | None:
    if cursor is None:
        return None
    account, number = place_of(cursor, 2)
    if not (number.isascii() and number.isdecimal() and len(number) <= _DIGITS):
        raise FieldInvalid(
            "the cursor is none of ours", place="cursor", mend="Give nextCursor as it is"
        )
    return account, int(number)
