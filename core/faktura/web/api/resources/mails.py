"""Mails: what was written to whom, and what became of it; who they come from (F084, F126, F127)."""

from typing import Annotated

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.kernel.outbox_terms import MailState, MailUse
from faktura.services.imports.checks import Fields
from faktura.services.imports.text_fields import Line, Number
from faktura.services.imports.value_fields import Count, as_word
from faktura.services.mail_settings import MailChange, change_mail_policy
from faktura.services.mails import MailQuery, cancel, mails, resend, show_mail
from faktura.services.portal_access import send_access
from faktura.store.tenants import lock_tenant, read_tenant
from faktura.web.api.call import Call, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.patches import Patch, patch_of
from faktura.web.api.paths import id_of
from faktura.web.api.replies import Created, Page, page
from faktura.web.api.resources.mail_answers import (
    MailAnswer,
    MailRowAnswer,
    MailSettingsAnswer,
)

MAILS = Resource("Mails", "What is written to customers, of all projects, and from whom.")

_ONE = "/Mails/{mailId}"
_ID = "mailId"
_SETTINGS = "/MailSettings"
_UseWord = Annotated[MailUse, as_word(MailUse)]
_StateWord = Annotated[MailState, as_word(MailState)]


class MailListQuery(Paged):
    """Which mails; several conditions hold together."""

    use: _UseWord | None = Field(default=None, description="Those of this use.")
    state: _StateWord | None = Field(default=None, description="Those that stand there.")
    customer_number: Number | None = Field(default=None, description="Those to this customer.")
    invoice_number: Number | None = Field(default=None, description="Those about this document.")


class MailResendFields(Fields):
    """How it is sent again."""

    to: Line | None = Field(
        default=None,
        description="The only address that it goes to; left out: to its recipients. Of what somebody"
        " may have, a copy of its own goes there, which is answered.",
    )


class MailSettingsFields(Fields):
    """How mails are sent."""

    sender: Line | None = Field(default=None, description="Who they come from.")
    sender_name: Line | None = Field(default=None, description="The name beside it.")
    reply_to: Line | None = Field(default=None, description="Where answers go.")
    bounces_to: Line | None = Field(default=None, description="Where servers report failures.")
    off: Annotated[tuple[_UseWord, ...], Field(strict=False)] = Field(
        default=(), description="The uses of which none are written."
    )
    card_days: Count = Field(
        default=30, description="How many days ahead a customer hears of a card."
    )


@MAILS.get("/Mails", Scope.MAILS_READ)
def mail_list(call: Call[MailListQuery, Nothing]) -> Page[MailRowAnswer]:
    """Mails, newest first, a page at a time."""
    query = call.query
    wanted = MailQuery(query.state, query.use, query.customer_number, query.invoice_number)
    found = mails(call.tx, wanted, before=query.after_id(), limit=query.limit + 1)
    return page(found, query.limit, lambda one: cursor_of(str(one.mail.id)), MailRowAnswer.of)


@MAILS.get(_ONE, Scope.MAILS_READ)
def mail_get(call: Call[Nothing, Nothing]) -> MailAnswer:
    """One mail with all that stands in it."""
    return MailAnswer.of(show_mail(call.tx, id_of(call.path, _ID)))


@MAILS.post(f"{_ONE}/resend", Scope.MAILS_WRITE)
def mail_resend(call: Call[Nothing, MailResendFields]) -> MailAnswer:
    """Send a mail again, or after all, because a person says so.

    What was sent stays as it was written, with its Message-ID; what nobody has is written anew.
    """
    return MailAnswer.of(resend(call.tx, id_of(call.path, _ID), to=call.body.to))


@MAILS.post(f"{_ONE}/cancel", Scope.MAILS_WRITE)
def mail_cancel(call: Call[Nothing, Nothing]) -> MailAnswer:
    """Call off a mail that was not sent, or that nobody is sure of."""
    mail_id = id_of(call.path, _ID)
    return MailAnswer.of(cancel(call.tx, mail_id, by=call.access.key.name))


@MAILS.post("/Customers/{customerNumber}/PortalAccess", Scope.MAILS_WRITE)
def customer_portal_access(call: Call[Nothing, Nothing]) -> Created[MailAnswer]:
    """Send a customer the link to the page where they keep their means of payment."""
    public_url = call.app.settings.public_url
    url = None if public_url is None else str(public_url)
    sent = send_access(call.tx, call.path["customerNumber"], url)
    return Created(MailAnswer.of(show_mail(call.tx, sent.mail_id)), f"/Mails/{sent.mail_id}")


@MAILS.get(_SETTINGS, Scope.MAILS_READ, tagged=True)
def mail_settings_get(call: Call[Nothing, Nothing]) -> MailSettingsAnswer:
    """How mails are sent."""
    return MailSettingsAnswer.of(read_tenant(call.tx).mail)


@MAILS.patch(_SETTINGS, Scope.MAILS_WRITE, patch_of("MailSettingsPatch", MailSettingsFields))
def mail_settings_update(call: Call[Nothing, Patch]) -> MailSettingsAnswer:
    """Send mails in another way from now on; those that are written stay as they are."""
    present = lock_tenant(call.tx).mail
    call.check_unchanged(MailSettingsAnswer.of(present))
    named = call.body.values()
    off = named.get("off", sorted(present.off))
    wanted = frozenset(MailUse(str(one)) for one in off) if isinstance(off, list) else frozenset()
    change = MailChange(
        sender=_text(named, "sender"),
        sender_name=_text(named, "senderName"),
        reply_to=_text(named, "replyTo"),
        bounces_to=_text(named, "bouncesTo"),
        card_days=_days(named),
        off=tuple(sorted(wanted)),
        on=tuple(sorted(present.off - wanted)),
    )
    return MailSettingsAnswer.of(change_mail_policy(call.tx, change, by=call.access.key.name))


def _text(named: dict[str, object], name: str) -> str | None:
    """What is set; null clears it."""
    return str(named[name] or "") if name in named else None


def _days(named: dict[str, object]) -> int | None:
    if "cardDays" not in named:
        return None
    days = named["cardDays"]
    return days if isinstance(days, int) else MailSettingsFields.model_fields["card_days"].default
