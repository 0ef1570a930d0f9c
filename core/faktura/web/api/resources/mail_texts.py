"""Texts of mails, in the tenant's own words (F128)."""

from typing import Annotated, Any, cast

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.kernel.errors import NotFound, shortened
from faktura.kernel.outbox_terms import MailUse
from faktura.services.imports.checks import Fields
from faktura.services.imports.value_fields import as_word
from faktura.services.mail_texts import (
    MailText,
    check_text,
    described_variables,
    drafted,
    list_texts,
    preview,
    reset_text,
    set_text,
    shown_text,
    text_for,
)
from faktura.store.tenants import lock_tenant
from faktura.web.api.call import Call, Nothing
from faktura.web.api.operation import Resource
from faktura.web.api.patches import Patch, patch_of
from faktura.web.api.replies import Page
from faktura.web.api.resources.mail_text_answers import (
    MailTextAnswer,
    MailTextParts,
    MailTextPreviewAnswer,
    MailTextVariableAnswer,
)

MAIL_TEXTS = Resource("MailTexts", "What mails say, by use and language.")

_ONE = "/MailTexts/{mailUse}/{language}"
_PATCH = patch_of("MailTextPatch", MailTextParts)


class MailTextDraft(Fields):
    """A text that is not kept yet; what is left out is as in the text that applies."""

    subject: str | None = Field(default=None, max_length=500, description="The subject.")
    plain: str | None = Field(default=None, max_length=20_000, description="The plain text.")
    html: str | None = Field(default=None, max_length=20_000, description="The HTML text.")


class MailTextVariableQuery(Fields):
    """Of which mails."""

    use: Annotated[MailUse, as_word(MailUse)] | None = Field(
        default=None, description="Left out: of all."
    )


@MAIL_TEXTS.get("/MailTexts", Scope.MAILS_READ)
def mail_text_list(call: Call[Nothing, Nothing]) -> Page[MailTextAnswer]:
    """The texts that apply, by use and language, on one page."""
    found = list_texts(call.tx)
    return Page(data=[MailTextAnswer.of(one) for one in found], next_cursor=None)


@MAIL_TEXTS.get("/MailTextVariables", Scope.MAILS_READ)
def mail_text_variable_list(
    call: Call[MailTextVariableQuery, Nothing],
) -> Page[MailTextVariableAnswer]:
    """What texts may be filled in with, on one page."""
    uses = list(MailUse) if call.query.use is None else [call.query.use]
    rows = [MailTextVariableAnswer.of(use, one) for use in uses for one in described_variables(use)]
    return Page(data=rows, next_cursor=None)


@MAIL_TEXTS.get(_ONE, Scope.MAILS_READ, tagged=True)
def mail_text_get(call: Call[Nothing, Nothing]) -> MailTextAnswer:
    """One text."""
    return MailTextAnswer.of(shown_text(call.tx, _use(call), call.path["language"]))


@MAIL_TEXTS.patch(_ONE, Scope.MAILS_WRITE, _PATCH)
def mail_text_update(call: Call[Nothing, Patch]) -> MailTextAnswer:
    """Write a text in your own words, for mails that are not written yet.

    A text that cannot be filled in is refused with line and column. In a language without a text it
    begins as the English one. An `html` of null means mails in plain text alone.
    """
    language = call.path["language"]
    lock_tenant(call.tx)
    applies = text_for(call.tx, _use(call), language)
    call.check_unchanged(MailTextAnswer.of(applies))
    given = {name: "" if value is None else value for name, value in call.body.values().items()}
    return MailTextAnswer.of(set_text(call.tx, drafted(applies, language, cast("Any", given))))


@MAIL_TEXTS.delete(_ONE, Scope.MAILS_WRITE)
def mail_text_reset(call: Call[Nothing, Nothing]) -> MailTextAnswer:
    """Forget your own text; answers the one that applies now."""
    return MailTextAnswer.of(reset_text(call.tx, _use(call), call.path["language"]))


@MAIL_TEXTS.post(f"{_ONE}/preview", Scope.MAILS_READ)
def mail_text_preview(call: Call[Nothing, MailTextDraft]) -> MailTextPreviewAnswer:
    """A text filled in with sample values: the one that applies, or a draft; nothing is kept."""
    language, given = call.path["language"], call.body.model_dump()
    draft: MailText = drafted(text_for(call.tx, _use(call), language), language, given)
    check_text(draft)
    return MailTextPreviewAnswer.of(preview(draft))


def _use(call: Call[Any, Any]) -> MailUse:
    name = call.path["mailUse"]
    if name not in MailUse.__members__:
        raise NotFound(f"there is no mail use “{shortened(name)}”", place="mailUse")
    return MailUse(name)
