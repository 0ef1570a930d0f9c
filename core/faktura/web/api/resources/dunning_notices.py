"""Dunning notices: what customers were reminded of and charged with, and its letter (F083)."""

import asyncio

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.flows.documents import Documents
from faktura.flows.dunning_letters import dunning_letter
from faktura.services.dunning_notices import charges_number
from faktura.services.dunning_waivers import waive_charges
from faktura.services.imports.dunning_fields import WaivedFields
from faktura.services.imports.text_fields import Number
from faktura.store.dunning_notices import NoticeFilter, list_notices, read_notice
from faktura.web.api.call import Call, Flow, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.ids import Id
from faktura.web.api.operation import Resource
from faktura.web.api.paths import id_of
from faktura.web.api.replies import File, Page, page
from faktura.web.api.resources.dunning_notice_answers import (
    DunningNoticeAnswer,
    DunningNoticeSummary,
)

DUNNING_NOTICES = Resource("DunningNotices", "What customers were reminded of and charged with.")

_ONE = "/DunningNotices/{noticeId}"


class DunningNoticeQuery(Paged):
    """Which notices; several conditions hold together."""

    customer_number: Number | None = Field(default=None, description="Those to this customer.")
    invoice_number: Number | None = Field(
        default=None, description="Those that remind of this document."
    )
    run_id: Id | None = Field(default=None, description="Those of this dunning run.")


@DUNNING_NOTICES.get("/DunningNotices", Scope.DUNNING_READ)
def dunning_notice_list(call: Call[DunningNoticeQuery, Nothing]) -> Page[DunningNoticeSummary]:
    """Notices, newest first, a page at a time."""
    query = call.query
    wanted = NoticeFilter(query.customer_number, query.invoice_number, query.run_id)
    found = list_notices(call.tx, wanted, after=query.after_id(), limit=query.limit + 1)
    return page(found, query.limit, lambda one: cursor_of(str(one.id)), DunningNoticeSummary.of)


@DUNNING_NOTICES.get(_ONE, Scope.DUNNING_READ)
def dunning_notice_get(call: Call[Nothing, Nothing]) -> DunningNoticeAnswer:
    """One notice with its documents."""
    return DunningNoticeAnswer.of(read_notice(call.tx, id_of(call.path, "noticeId")))


@DUNNING_NOTICES.get(f"{_ONE}/Letter", Scope.DUNNING_READ)
async def dunning_notice_letter(call: Flow[Nothing, Nothing]) -> File:
    """The notice as a letter: written once, the same bytes ever after, and those of its mail."""
    app, tenant = call.app, call.tenant
    documents = Documents(app.database, app.content, app.adapters.formats(tenant.id), tenant)
    notice_id = id_of(call.path, "noticeId")
    letter = await asyncio.to_thread(dunning_letter, documents, notice_id)
    return File(letter.content, letter.media_type, letter.name)


@DUNNING_NOTICES.post(f"{_ONE}/waive", Scope.DUNNING_WRITE)
def dunning_notice_waive(call: Call[Nothing, WaivedFields]) -> DunningNoticeAnswer:
    """Ask no more for what is open of the notice's charges: they are reversed, never deleted.

    What it reminds of stays owed.
    """
    notice_id = id_of(call.path, "noticeId")
    charges = charges_number(read_notice(call.tx, notice_id))
    by = call.access.key.name
    waive_charges(call.tx, call.tenant, charges, reason=call.body.reason, by=by)
    return DunningNoticeAnswer.of(read_notice(call.tx, notice_id))
