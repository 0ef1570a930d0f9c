"""The letter of a dunning notice: written once from what is frozen, the same bytes ever after.

The mail carries these bytes and the download gives them; no transaction is open while a format works.
"""

from collections.abc import Iterator
from uuid import UUID

from faktura.flows.documents import Documents
from faktura.flows.letters import Letter, letter_writer
from faktura.services.dunning_notices import notice_letter
from faktura.store.dunning import read_run
from faktura.store.dunning_notices import notices_of_run, read_notice
from faktura.store.kept_letters import KeptLetter, find_letter, keep_letter


def dunning_letter(documents: Documents, notice_id: UUID) -> Letter:
    """The letter of a notice, written first where it is not yet.

    Raises NotFound; PluginMissing where no format writes letters and RenderRefused, unless it was
    written before; IntegrityBroken for stored bytes that have changed.
    """
    kept = _kept(documents, notice_id) or _written(documents, notice_id)
    content = documents.contents.get(documents.tenant.id, kept.sha256)
    return Letter(content, kept.media_type, kept.name)


def letters_of_run(documents: Documents, run_id: UUID) -> Iterator[Letter]:
    """The letter of each notice of a run, by customer's number; raises NotFound, and as `dunning_letter`."""
    with documents.database.read(documents.tenant.id) as tx:
        read_run(tx, run_id)
        wanted = notices_of_run(tx, run_id)
    for notice_id in wanted:
        yield dunning_letter(documents, notice_id)


def _kept(documents: Documents, notice_id: UUID) -> KeptLetter | None:
    with documents.database.read(documents.tenant.id) as tx:
        return find_letter(tx, notice_id)


def _written(documents: Documents, notice_id: UUID) -> KeptLetter:
    with documents.database.read(documents.tenant.id) as tx:
        notice = read_notice(tx, notice_id)
    writer, written_by = letter_writer(documents.formats)
    content = writer.write_reminder(notice_letter(notice))
    name = f"{notice.customer_number}-{notice.dunned_on}-{notice.total.currency}"
    letter = KeptLetter(
        f"{name}{written_by.file_suffix}",
        documents.put(content),
        len(content),
        written_by.media_type,
    )
    with documents.database.write(documents.tenant.id) as tx:
        keep_letter(tx, notice_id, letter)
        # Who wrote it at the same time and came first is what everybody gets.
        return find_letter(tx, notice_id) or letter
