"""Rendering as a job: what was issued is rendered in the background, however often it is cut off."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from faktura.domain.jobs import Args
from faktura.flows.documents import Documents, render_documents
from faktura.flows.job_context import JobContext
from faktura.kernel.errors import FakturaError, RenderRefused
from faktura.services.documents import Selection
from faktura.store.tenants import read_tenant


def render_documents_job(context: JobContext, tenant_id: int, args: Args) -> None:
    """Render what is not stored yet: args `format`, its id, and `documents`, their ids.

    The adapters of the process are used again for every job, and with them what they keep ready.
    Raises RenderRefused naming the documents that were refused when all others are there.
    """
    with context.database.read(tenant_id) as tx:
        tenant = read_tenant(tx)
    formats = context.adapters.formats(tenant_id)
    documents = Documents(context.database, context.contents, formats, tenant)
    ids = tuple(UUID(one) for one in cast("list[str]", args["documents"]))
    receipt = render_documents(documents, Selection(ids=ids), str(args["format"]))
    if receipt.refused:
        raise _together(receipt.refused)


def _together(refused: Sequence[FakturaError]) -> RenderRefused:
    return RenderRefused(
        "; ".join(f"{one.place}: {one.problem}" for one in refused),
        mend="; ".join(dict.fromkeys(one.mend for one in refused if one.mend)),
    )
