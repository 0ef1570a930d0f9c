"""Mail bounces: reports of addresses that mails did not reach, brought in and listed (F084)."""

import asyncio
from typing import TYPE_CHECKING, Self, cast
from uuid import UUID

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.domain.mail_bounces import read_report
from faktura.kernel.errors import FieldInvalid
from faktura.kernel.outbox_terms import BounceKind
from faktura.services.bounce_reports import BroughtIn, bring_in
from faktura.store.mail_bounces import Bounce, list_bounces
from faktura.web.api.call import Call, Flow, Nothing
from faktura.web.api.cursors import Paged, cursor_of, place_of
from faktura.web.api.operation import Resource
from faktura.web.api.replies import Answer, Page, page
from faktura.web.api.shapes import Moment

if TYPE_CHECKING:
    from faktura.web.uploads import Upload

MAIL_BOUNCES = Resource("MailBounces", "Addresses that mails did not reach.")

_LARGEST_MAIL = 32 * 1024 * 1024


class MailBounceAnswer(Answer):
    """An address that a mail did not reach."""

    mail_id: UUID = Field(description="The mail.")
    recipient: str = Field(description="The address, one of the mail's.")
    kind: BounceKind = Field(description="Whether it is refused for good, or for now.")
    status: str = Field(description="Why, as RFC 3463 numbers it, or the server's own code.")
    said: str = Field(description="The server's own words, shortened.")
    at: Moment = Field(description="When we heard of it.")

    @classmethod
    def of(cls, bounce: Bounce) -> Self:
        """The answer."""
        no = bounce.refusal
        return cls(
            mail_id=bounce.mail_id,
            recipient=no.recipient,
            kind=no.kind,
            status=no.status,
            said=no.said,
            at=bounce.at,
        )


class MailBounceReport(Answer):
    """What a report brought in."""

    mail_id: UUID = Field(description="The mail that came back.")
    addresses: int = Field(description="How many addresses the report says were not reached.")
    new: int = Field(description="How many of them were not known before.")


@MAIL_BOUNCES.post("/MailBounces", Scope.MAILS_WRITE, uploads=_LARGEST_MAIL)
async def mail_bounce_report(call: Flow[Nothing, Nothing]) -> MailBounceReport:
    """Bring in a mail that came back, as it was received (RFC 3464).

    The body is the whole mail. It is matched by its envelope or the message id of what came back; a
    second time it adds nothing.
    """
    found = await asyncio.to_thread(_brought_in, call)
    return MailBounceReport(mail_id=found.mail_id, addresses=found.addresses, new=found.new)


def _brought_in(call: Flow[Nothing, Nothing]) -> BroughtIn:
    # An operation that takes an upload is not called without one.
    report = read_report(cast("Upload", call.upload).file.read())
    with call.app.database.write(call.tenant.id) as tx:
        return bring_in(tx, report)


@MAIL_BOUNCES.get("/MailBounces", Scope.MAILS_READ)
def mail_bounce_list(call: Call[Paged, Nothing]) -> Page[MailBounceAnswer]:
    """Addresses that mails did not reach, in the order of the mails, a page at a time."""
    query = call.query
    found = list_bounces(call.tx, after=_after(query), limit=query.limit + 1)
    return page(
        found,
        query.limit,
        lambda one: cursor_of(str(one.mail_id), one.refusal.recipient),
        MailBounceAnswer.of,
    )


def _after(query: Paged) -> tuple[UUID, str] | None:
    if query.cursor is None:
        return None
    mail_id, recipient = place_of(query.cursor, 2)
    try:
        return UUID(mail_id), recipient
    except ValueError:
        raise FieldInvalid("the cursor is none of ours", place="cursor") from None
