"""Handing a batch over to a linked system: documents first, then its files, then questions.

The rows of a file name the documents by our own ids, so these must be there before it (F105).
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from faktura.flows.accounting_links import Linked, with_tokens
from faktura.flows.document_file import DocumentFile, document_file
from faktura.flows.documents import Documents
from faktura.flows.transactions import in_read_tx, in_tx
from faktura.kernel.accounting_terms import BatchState
from faktura.kernel.errors import FakturaError
from faktura.kernel.outside_errors import LinkExpired, LinkRefused, OutsideUnavailable
from faktura.plugin import ExportFile, LinkedDocument
from faktura.services.handovers import (
    Find,
    Known,
    Send,
    due_questions,
    keep_answer,
    next_step,
    open_handover,
    refuse_rest,
    settle,
    take_back,
)
from faktura.services.link_tokens import good_link
from faktura.store.document_uploads import WantedImage, images_to_send, mark_uploaded
from faktura.store.documents import read_renderings
from faktura.store.exports import StoredFile
from faktura.store.transaction import Tx

_PDF = "application/pdf"
_PAGES = ("pdf", "zugferd")

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Handing:
    """A batch on its way: the link, the batch's number, what documents are rendered and kept with."""

    linked: Linked
    documents: Documents
    number: int

    @property
    def target(self) -> str:
        """Where it goes."""
        return self.linked.target


async def send_batch(handing: Handing) -> BatchState:
    """Hand over what of the batch is not there yet; where it stands then.

    Can be called again after whatever cut it off. A refusal fails the batch and frees its entries;
    raises LinkExpired, OutsideUnavailable and OutcomeUnknown, after which it goes on from there,
    NotFound without a connection and LinkRefused for one that a check found lacking.
    """
    linked = handing.linked
    await in_read_tx(linked.database, linked.tenant_id, good_link, linked.target)
    batch = await _write(handing, open_handover, handing.target, handing.number)
    try:
        await _send_images(handing)
    except LinkExpired:
        raise
    except LinkRefused as error:
        return await _refused(handing, None, error)
    for place, file in enumerate(batch.files):
        refusal = await _send_file(handing, place, file)
        if refusal is not None:
            return await _refused(handing, place, refusal)
    return await _write(handing, settle, handing.target, handing.number)


async def _refused(handing: Handing, place: int | None, error: FakturaError) -> BatchState:
    await _write(handing, refuse_rest, handing.target, handing.number, place, str(error))
    return await _write(handing, settle, handing.target, handing.number)


async def _send_images(handing: Handing) -> None:
    """Hand over the images of the batch's documents; one that is there counts as handed over."""
    wanted = await in_read_tx(
        handing.linked.database,
        handing.linked.tenant_id,
        images_to_send,
        handing.target,
        handing.number,
    )
    for image in wanted:
        file = await asyncio.to_thread(image_of, handing.documents, image)
        document = LinkedDocument(
            guid=image.guid,
            number=image.number,
            filename=file.name,
            media_type=file.rendering.media_type,
            content=file.content,
            issued_on=image.issued_on,
        )
        await with_tokens(
            handing.linked, partial(handing.linked.link.send_document, document=document)
        )
        await _write(
            handing, mark_uploaded, handing.target, image.document_id, file.rendering.sha256
        )


def image_of(documents: Documents, image: WantedImage) -> DocumentFile:
    """The stored page of the document, rendered first where there is none; else its e-invoice.

    Raises as `document_file` does.
    """
    with documents.database.read(documents.tenant.id) as tx:
        stored = read_renderings(tx, [image.document_id])
    pages = [one.format for one in stored if one.media_type == _PDF]
    can_render = [name for name in _PAGES if name in documents.formats.offered]
    chosen = next(iter([*reversed(pages), *can_render]), None)
    return document_file(documents, image.number, chosen, None)


async def _send_file(handing: Handing, place: int, file: StoredFile) -> LinkRefused | None:
    """Hand one file over, or find that it was; the refusal, if there was one."""
    step = await _write(handing, next_step, handing.target, handing.number, place)
    if isinstance(step, Known):
        return None
    transfer, link = step.transfer, handing.linked.link
    answer = None
    if isinstance(step, Find):
        answer = await with_tokens(handing.linked, partial(link.find, reference=transfer.reference))
    if answer is None:
        content = await asyncio.to_thread(_content, handing.documents, file)
        send = partial(link.send_file, file=content, reference=transfer.reference)
        try:
            answer = await with_tokens(handing.linked, send)
        except (LinkExpired, OutsideUnavailable):
            if isinstance(step, Send):
                await _write(handing, take_back, transfer)
            raise
        except LinkRefused as refusal:
            return refusal
    await _write(handing, keep_answer, transfer, answer)
    return None


def _content(documents: Documents, file: StoredFile) -> ExportFile:
    return ExportFile(
        name=file.name,
        media_type=file.media_type,
        content=documents.contents.get(documents.tenant.id, file.digest),
        rows=file.rows,
        entry_keys=(),
        notes=file.notes,
    )


async def ask_for_results(linked: Linked, number: int, *, at_once: bool = False) -> BatchState:
    """Ask what became of a batch's files whose pause is over, or of all `at_once`; where it stands.

    Raises as the link does; what was learned before stays known.
    """
    now = None if at_once else linked.database.clock.now()
    questions = await in_read_tx(
        linked.database, linked.tenant_id, due_questions, linked.target, number, now=now
    )
    for one in questions:
        answer = await with_tokens(linked, partial(linked.link.transfer, job=one.job or ""))
        await in_tx(linked.database, linked.tenant_id, keep_answer, one, answer)
    return await in_tx(linked.database, linked.tenant_id, settle, linked.target, number)


async def _write(
    handing: Handing, act: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    linked = handing.linked
    return await in_tx(linked.database, linked.tenant_id, act, *args, **kwargs)
