"""Render jobs: documents are asked for in the transaction that issues them, and made in workers."""

from collections.abc import Iterable
from uuid import UUID

from faktura.domain.jobs import JobName, JobRequest
from faktura.store.jobs import enqueue_all
from faktura.store.transaction import Tx

# A few seconds of work: short enough to be shared out, and to be done again after a crash.
_DOCUMENTS_A_JOB = 100


def have_rendered(tx: Tx, issued: Iterable[tuple[UUID, str | None]]) -> None:
    """Have documents rendered once they are committed, each in its format; None is in no format.

    No lock: two workers render at once.
    """
    by_format: dict[str, list[str]] = {}
    for document_id, format_id in issued:
        if format_id is not None:
            by_format.setdefault(format_id, []).append(str(document_id))
    enqueue_all(
        tx,
        [
            JobRequest(
                JobName.RENDER_DOCUMENTS,
                {"format": format_id, "documents": ids[start : start + _DOCUMENTS_A_JOB]},
            )
            for format_id, ids in sorted(by_format.items())
            for start in range(0, len(ids), _DOCUMENTS_A_JOB)
        ],
    )
