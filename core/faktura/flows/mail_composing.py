"""Writing the mails that wait: read, have their files rendered and kept, put together, keep them.

No transaction is open while a file is rendered; a mail that was written once stays as it is.
"""

import asyncio
from collections.abc import Mapping, Sequence
from hashlib import sha256
from uuid import UUID

from faktura.domain.mails import Mail, MailAttachment
from faktura.flows.documents import Deliver, Documents, RenderedFile, render_documents
from faktura.flows.dunning_letters import dunning_letter
from faktura.flows.job_context import JobContext
from faktura.kernel.errors import FakturaError, IntegrityBroken
from faktura.kernel.outbox_terms import MailUse
from faktura.services.documents import Selection
from faktura.services.mail_composing import Files, compose, keep_composed
from faktura.services.mail_gathering import Gathered, gather, notice_of

_CARRYING = frozenset({MailUse.INVOICE, MailUse.CORRECTION, MailUse.CREDIT_NOTE})


async def compose_mails(context: JobContext, tenant_id: int, mail_ids: Sequence[UUID]) -> None:
    """Write these mails, as far as they wait and are not written yet; a few hundred at once.

    Afterwards each is written, or FAILED or SKIPPED with what a person is asked, or it waits for a
    setting.
    """
    await asyncio.to_thread(_compose, context, tenant_id, mail_ids)


def _compose(context: JobContext, tenant_id: int, mail_ids: Sequence[UUID]) -> None:
    with context.database.write(tenant_id) as tx:
        gathered = gather(tx, mail_ids, context.public_url)
    if not gathered.mails:
        return
    composed = compose(gathered, _files(context, gathered))
    with context.database.write(tenant_id) as tx:
        keep_composed(tx, composed)


def _files(context: JobContext, gathered: Gathered) -> Files:
    formats = context.adapters.formats(gathered.tenant.id)
    documents = Documents(context.database, context.contents, formats, gathered.tenant)
    carrying = {one.id: one for one in gathered.mails if not one.given.get("sample")}
    attached, refused = _of_documents(documents, gathered, carrying)
    for mail in carrying.values():
        notice = notice_of(mail)
        if notice is None or not gathered.tenant.dunning.letters:
            continue
        try:
            letter = dunning_letter(documents, notice)
        except FakturaError as error:
            refused[mail.id] = error
        else:
            attached[mail.id] = (_attachment(letter.name, letter.media_type, letter.content),)
    return Files(attached, refused)


def _of_documents(
    documents: Documents, gathered: Gathered, mails: Mapping[UUID, Mail]
) -> tuple[dict[UUID, tuple[MailAttachment, ...]], dict[UUID, FakturaError]]:
    """The file of each mail's document in its own format, from the stored bytes."""
    wanted = {
        one.document_id: one.id
        for one in mails.values()
        if one.use in _CARRYING and one.document_id is not None
    }
    if not wanted:
        return {}, {}
    made: dict[str, MailAttachment] = {}

    def keep(file: RenderedFile) -> None:
        media_type = documents.formats.format_of(file.format).media_type
        made[file.number] = _attachment(file.name, media_type, file.content)

    said = _rendered(documents, tuple(wanted), keep)
    attached: dict[UUID, tuple[MailAttachment, ...]] = {}
    refused: dict[UUID, FakturaError] = {}
    for document_id, mail_id in wanted.items():
        number = gathered.documents[document_id].number
        if number in made:
            attached[mail_id] = (made[number],)
        else:
            refused[mail_id] = said[document_id]
    return attached, refused


def _rendered(
    documents: Documents, ids: tuple[UUID, ...], keep: Deliver
) -> dict[UUID, FakturaError]:
    """Have the files made and kept; why one was not, by document.

    What is wrong with one stops only the mail that would carry it.
    """
    try:
        refused: Sequence[FakturaError] = render_documents(
            documents, Selection(ids=ids), deliver=keep
        ).refused
    except IntegrityBroken as broken:
        refused = [broken]
    if not refused:
        return {}
    if len(ids) == 1:
        return {ids[0]: refused[0]}
    # Not every format says of which document it speaks.
    return {key: error for one in ids for key, error in _rendered(documents, (one,), keep).items()}


def _attachment(name: str, media_type: str, content: bytes) -> MailAttachment:
    return MailAttachment(name, media_type, sha256(content).hexdigest(), len(content))
