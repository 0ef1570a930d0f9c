"""Mail texts as answers write them, and as requests name their parts."""

from typing import Self

from pydantic import Field

from faktura.kernel.outbox_terms import MailUse
from faktura.services.imports.checks import Fields
from faktura.services.mail_texts import MailText, Written
from faktura.services.text_shapes import Described
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import Moment


class MailTextParts(Fields):
    """The parts of a text, with scripting."""

    subject: str = Field(max_length=500, description="The subject, one line.")
    plain: str = Field(max_length=20_000, description="The plain text.")
    html: str = Field(
        default="", max_length=20_000, description="The HTML text; empty: mails have none."
    )


class MailTextAnswer(Answer):
    """A text."""

    use: MailUse = Field(description="What its mails are for.")
    language: str = Field(description="Whose readers it is for.")
    own: bool = Field(description="Whether you wrote it; if not, it is the one that ships.")
    changed_at: Moment | None = Field(description="When you did; null for one that ships.")
    subject: str = Field(description="The subject, with scripting.")
    plain: str = Field(description="The plain text, with scripting.")
    html: str = Field(description="The HTML text, with scripting; empty: mails have none.")

    @classmethod
    def of(cls, text: MailText) -> Self:
        """The answer."""
        return cls(
            use=text.use,
            language=text.language,
            own=text.own,
            changed_at=text.changed_at,
            subject=text.subject,
            plain=text.plain,
            html=text.html,
        )


class MailTextPreviewAnswer(Answer):
    """A text filled in with sample values."""

    subject: str = Field(description="The subject.")
    plain: str = Field(description="The plain text.")
    html: str = Field(description="The HTML text; may be empty.")

    @classmethod
    def of(cls, written: Written) -> Self:
        """The answer."""
        return cls(subject=written.subject, plain=written.plain, html=written.html)


class MailTextVariableAnswer(Answer):
    """A variable of a text."""

    use: MailUse = Field(description="In the texts of which mails.")
    name: str = Field(description="As texts name it; [] marks one of a list's entries.")
    kind: str = Field(description="TEXT, LINK, NUMBER, FLAG, DAY, MONEY or LIST.")
    about: str = Field(description="What it is.")

    @classmethod
    def of(cls, use: MailUse, variable: Described) -> Self:
        """The answer."""
        return cls(use=use, name=variable.name, kind=variable.kind, about=variable.about)
