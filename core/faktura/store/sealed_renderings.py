"""Renderings beside the sealed events that tell of them, oldest first."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from faktura.domain.document_files import rendering_id
from faktura.domain.events import EventType
from faktura.store.tables import document, event, rendering
from faktura.store.transaction import Tx

if TYPE_CHECKING:
    from uuid import UUID

_RENDERINGS_A_PAGE = 500


@dataclass(frozen=True, slots=True)
class SealedRendering:
    """A rendering's SHA-256 as its row says and as its event says (hexadecimal; None without one)."""

    place: str
    stored: str
    sealed: str | None


def renderings_with_seals(tx: Tx) -> Iterator[SealedRendering]:
    """Every rendering in the order in which they were made; streamed."""
    d, r = document.c, rendering.c
    rows = tx.connection.execute(
        select(d.number, r.document_id, r.format, r.rule_set, r.sha256)
        .join(document, (d.tenant_id == r.tenant_id) & (d.id == r.document_id))
        .where(r.tenant_id == tx.tenant_id)
        .order_by(r.rendered_at, d.number, r.format),
        execution_options={"yield_per": _RENDERINGS_A_PAGE},
    )
    for page in rows.partitions():
        yield from _page(tx, page)


def _page(tx: Tx, page: Sequence[Any]) -> Iterator[SealedRendering]:
    ids = [rendering_id(row.document_id, row.format, row.rule_set) for row in page]
    told: dict[UUID, str] = {
        row.object_id: row.data
        for row in tx.connection.execute(
            select(event.c.object_id, event.c.data).where(
                event.c.tenant_id == tx.tenant_id, event.c.object_id.in_(ids)
            )
        )
    }
    for own_id, row in zip(ids, page, strict=True):
        said = told.get(own_id)
        yield SealedRendering(
            _place(row.number, row.format, row.rule_set),
            row.sha256.hex(),
            None if said is None else str(json.loads(said)["sha256"]),
        )


def sealed_without_rendering(tx: Tx) -> Iterator[str]:
    """Places of renderings that a sealed event tells of and that are not there; streamed."""
    rows = tx.connection.execute(
        select(event.c.data)
        .where(event.c.tenant_id == tx.tenant_id, event.c.type == EventType.DOCUMENT_RENDERED)
        .order_by(event.c.seal_seq, event.c.object_id),
        execution_options={"yield_per": _RENDERINGS_A_PAGE},
    ).scalars()
    for page in rows.partitions():
        told = [json.loads(data) for data in page]
        keys = [(one["number"], one["format"], one["ruleSet"]) for one in told]
        present = _present(tx, {number for number, _, _ in keys})
        for number, format_id, rule_set in keys:
            if (number, format_id, rule_set) not in present:
                yield _place(number, format_id, rule_set)


def _present(tx: Tx, numbers: Collection[str]) -> set[tuple[str, str, str]]:
    d, r = document.c, rendering.c
    rows = tx.connection.execute(
        select(d.number, r.format, r.rule_set)
        .join(rendering, (d.tenant_id == r.tenant_id) & (d.id == r.document_id))
        .where(d.tenant_id == tx.tenant_id, d.number.in_(sorted(numbers)))
    )
    return {(row.number, row.format, row.rule_set) for row in rows}


def _place(number: str, format_id: str, rule_set: str) -> str:
    return f"rendering of document {number} as {format_id} ({rule_set})"
