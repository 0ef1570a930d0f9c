"""Letters to customers: read in one transaction, written by a format after it is closed.

Nothing is stored: a letter tells how things stand, and is written anew from how they stand then.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from faktura.domain.tenants import Tenant
from faktura.kernel.errors import PluginMissing
from faktura.plugin import DocumentFormat, LetterWriting
from faktura.services.account_statement import AskedStatement, account_statement
from faktura.services.issuing import Formats
from faktura.services.reminders import AskedReminder, reminder
from faktura.store.database import Database

LETTER_FORMAT = "pdf"


@dataclass(frozen=True, slots=True)
class Letters:
    """What the letters of a tenant are read from and written with."""

    database: Database
    formats: Formats
    tenant: Tenant


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter's bytes, their media type, and the name of the file."""

    content: bytes
    media_type: str
    name: str


def statement_letter(letters: Letters, asked: AskedStatement) -> Letter:
    """The account statement as a letter.

    Raises as `account_statement`, PluginMissing where no format writes letters, RenderRefused.
    """
    with letters.database.read(letters.tenant.id) as tx:
        statement = account_statement(tx, letters.tenant, asked)
    writer, written_by = letter_writer(letters.formats)
    name = f"{asked.customer_number}-{asked.first}-{asked.last}{written_by.file_suffix}"
    return Letter(writer.write_statement(statement), written_by.media_type, name)


def reminder_letter(
    letters: Letters, asked: AskedReminder, projects: Collection[UUID] | None = None
) -> Letter:
    """The reminder as a letter; raises as `reminder`, else as `statement_letter`."""
    with letters.database.read(letters.tenant.id) as tx:
        letter = reminder(tx, letters.tenant, asked, projects)
    writer, written_by = letter_writer(letters.formats)
    name = f"{asked.customer_number}-{letter.head.written_on}{written_by.file_suffix}"
    return Letter(writer.write_reminder(letter), written_by.media_type, name)


def letter_writer(formats: Formats) -> tuple[LetterWriting, DocumentFormat]:
    """The format that writes letters, twice; raises PluginMissing.

    Asked for after the letter was read: who does not exist gets none in any format.
    """
    found = formats.format_of(LETTER_FORMAT)
    if not isinstance(found, LetterWriting):
        raise PluginMissing(
            f"the document format “{LETTER_FORMAT}” writes no letters",
            mend="Enable a plugin whose format can, such as zugferd, in FAKTURA_PLUGINS",
        )
    return found, found
