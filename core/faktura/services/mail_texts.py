"""The texts of mails: the tenant's own for a use and language, else the ones that ship (F128, P49)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from faktura.domain.document_language import GERMAN
from faktura.kernel.errors import FakturaError, FieldInvalid, NotFound, shortened
from faktura.kernel.outbox_terms import MailUse
from faktura.services.mail_defaults import default_text
from faktura.services.mail_samples import samples
from faktura.services.mail_variables import VARIABLES
from faktura.services.text_engine import Part, program
from faktura.services.text_filters import FILTERS
from faktura.services.text_shapes import Described, described
from faktura.store.mail_texts import (
    OwnText,
    drop_own_text,
    find_own_text,
    put_own_text,
    read_own_texts,
)
from faktura.store.tenants import lock_tenant
from faktura.store.transaction import Tx

_ENGLISH = "en"
SHIPPED = (GERMAN, _ENGLISH)
_LANGUAGE = re.compile(r"[a-z]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class MailText:
    """Subject, plain and HTML text of a use; without `changed_at` it is the one that ships.

    `html` may be empty: then a mail is sent as plain text alone.
    """

    use: MailUse
    language: str
    subject: str
    plain: str
    html: str
    changed_at: datetime | None = None

    @property
    def own(self) -> bool:
        """Whether the tenant wrote it."""
        return self.changed_at is not None


@dataclass(frozen=True, slots=True)
class Written:
    """A text filled in."""

    subject: str
    plain: str
    html: str


def text_for(tx: Tx, use: MailUse, language: str) -> MailText:
    """The text that applies to a reader of the language; English where nobody wrote one in it."""
    own = find_own_text(tx, use, language)
    if own is not None:
        return _known(own)
    if language in SHIPPED:
        return _shipped(use, language)
    return text_for(tx, use, _ENGLISH)


def shown_text(tx: Tx, use: MailUse, language: str) -> MailText:
    """The text of exactly that language; raises NotFound where there is none."""
    found = text_for(tx, use, language)
    if found.language != language:
        raise _missing(use, language)
    return found


def rendered(text: MailText, variables: Mapping[str, object]) -> Written:
    """The text filled in with the variables of its use (`mail_variables`), which may be as JSON has them.

    Raises TemplateFailed where a value is missing or the result is too large, TemplateRefused for a
    text that an older version took.
    """
    filled = {part: _filled(text, part, variables) for part in Part}
    return Written(filled[Part.SUBJECT], filled[Part.PLAIN], filled[Part.HTML])


def preview(text: MailText) -> Written:
    """The text with sample values."""
    return rendered(text, samples(text.use, text.language))


def drafted(applies: MailText, language: str, given: Mapping[str, str | None]) -> MailText:
    """The text that applies, with the parts that are given by name; None leaves a part as it is."""
    subject, plain, html = (given.get(name) for name in ("subject", "plain", "html"))
    return MailText(
        applies.use,
        language,
        applies.subject if subject is None else subject,
        applies.plain if plain is None else plain,
        applies.html if html is None else html,
    )


def described_variables(use: MailUse) -> list[Described]:
    """What the text of a use may name."""
    return described(VARIABLES[use])


def described_filters() -> list[tuple[str, str]]:
    """The filters there are, each with what it gives."""
    return sorted((name, known.about) for name, known in FILTERS.items())


def list_texts(tx: Tx) -> list[MailText]:
    """The texts that apply, by use: those of the shipped languages, then the tenant's others."""
    own = {(one.use, one.language): _known(one) for one in read_own_texts(tx)}
    found: list[MailText] = []
    for use in MailUse:
        others = [language for of, language in own if of is use and language not in SHIPPED]
        found += [
            own.get((use, language)) or _shipped(use, language) for language in (*SHIPPED, *others)
        ]
    return found


def set_text(tx: Tx, new: MailText) -> MailText:
    """Use the text from now on, for mails that are not written yet; gives it with its moment.

    Raises FieldInvalid for an empty subject or text, TemplateRefused with line and column, and
    TemplateFailed where it cannot be filled in with sample values.
    """
    check_text(new)
    lock_tenant(tx)
    kept = OwnText(new.use, new.language, new.subject, new.plain, new.html, tx.now())
    put_own_text(tx, kept)
    return _known(kept)


def reset_text(tx: Tx, use: MailUse, language: str) -> MailText:
    """Forget the tenant's text; gives the one that applies now. Raises NotFound where there is none."""
    check_language(language)
    lock_tenant(tx)
    if not drop_own_text(tx, use, language):
        raise _missing(use, language)
    return text_for(tx, use, language)


def check_language(language: str) -> None:
    """Raise FieldInvalid for what is no two letters of ISO 639."""
    if not _LANGUAGE.fullmatch(language):
        raise FieldInvalid(
            f"“{shortened(language)}” is not a language", place="language", mend="Write de or en"
        )


def _missing(use: MailUse, language: str) -> NotFound:
    return NotFound(
        f"there is no text of your own for {use.value} in “{shortened(language)}”", place="language"
    )


def check_text(text: MailText) -> None:
    """Raise what is wrong with a text, as `set_text` does; several errors come as parts of one."""
    check_language(text.language)
    found: list[FakturaError] = []
    values = samples(text.use, text.language)
    for part in Part:
        try:
            if not _filled(text, part, values).strip() and part is not Part.HTML:
                raise FieldInvalid("the text is empty", place=part.value, mend="Write one")
        except FakturaError as error:
            found.append(error)
    if len(found) == 1:
        raise found[0]
    if found:
        refusal = FieldInvalid(f"{len(found)} parts of the text cannot be used")
        refusal.parts = tuple(found)
        raise refusal


def _filled(text: MailText, part: Part, values: Mapping[str, object]) -> str:
    sources = {Part.SUBJECT: text.subject, Part.PLAIN: text.plain, Part.HTML: text.html}
    made = program(sources[part], part, VARIABLES[text.use], text.language, part.value)
    return made.filled(values)


def _known(own: OwnText) -> MailText:
    return MailText(own.use, own.language, own.subject, own.plain, own.html, own.changed_at)


def _shipped(use: MailUse, language: str) -> MailText:
    subject, plain, html = default_text(use, language)
    return MailText(use, language, subject, plain, html)
