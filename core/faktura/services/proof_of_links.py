"""Proof of the references: which document names which is as it was frozen and printed (BG-3)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from faktura.domain.documents import DocumentRecord
from faktura.domain.violations import Proof, Violation
from faktura.store.document_links import lines_corrected_by, links_from
from faktura.store.transaction import Tx


def links_follow(tx: Tx, records: Sequence[DocumentRecord]) -> Iterator[Violation]:
    """Links are those of the snapshots, what lines take back is what their derivations say."""
    ids = [record.id for record in records]
    links, corrected = links_from(tx, ids), lines_corrected_by(tx, ids)
    for record in records:
        place = f"document {record.number}"
        if links.get(record.id, set()) != _named(record):
            yield Violation(
                Proof.DOCUMENTS, f"document_link of {place}", "it names others than are printed"
            )
        if corrected.get(record.id, {}) != _taken_back(record):
            yield Violation(
                Proof.DOCUMENTS,
                f"line_correction of {place}",
                "it takes other amounts back than its lines",
            )


def _named(record: DocumentRecord) -> set[tuple[str, str]]:
    given = cast("Sequence[Mapping[str, str]]", record.snapshot.get("preceding", ()))
    return {(one["number"], one["why"]) for one in given}


def _taken_back(record: DocumentRecord) -> dict[int, tuple[str, int, int]]:
    found = {}
    for line in record.lines:
        of = line.derivation.get("reversed") or line.derivation.get("corrects")
        if of is not None:
            one = cast("Mapping[str, str | int]", of)
            found[line.no] = str(one["document"]), int(one["line"]), line.net.minor
    return found
