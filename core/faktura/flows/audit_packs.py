"""Writing the audit pack of a document: one zip that proves itself (O27)."""

import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from faktura.domain.audit_pack import PackedFact, PackedSeal
from faktura.domain.document_files import FILE_SUFFIXES
from faktura.domain.tenants import Tenant
from faktura.flows.audit_overview import overview
from faktura.flows.files import write_whole
from faktura.kernel.canonical import canonical_json
from faktura.services.audit_packs import AuditPack, BankLine, gather_pack
from faktura.store.blobs import ContentStore
from faktura.store.database import Database

FORMAT = "faktura-audit-pack"
VERSION = 1
INDEX = "pack.json"
SEALS = "seals.jsonl"
# The tables whose facts have parts.
PARTS = {"document": "document_line", "journal_entry": "leg"}
FACTS = "facts/"
RENDERED = "documents/"
# What no seal covers.
UNSEALED = ("overview.txt", "bank.jsonl", "exports.jsonl")
# Equal packs have equal bytes: a zip would write the time of day.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class PackReceipt:
    """What was written: the documents of the pack and how much proves them."""

    path: Path
    documents: tuple[str, ...]
    facts: int
    seals: int
    files: int
    sha256: str


def write_pack(
    database: Database, contents: ContentStore, tenant: Tenant, number: str, target: Path
) -> PackReceipt:
    """Write the pack of a document to `target`; raises NotFound, IntegrityBroken, FileUnwritable."""
    with database.read(tenant.id) as tx:
        pack = gather_pack(tx, tenant, number)
    files = dict(_files(pack, contents, tenant))
    content = _zipped(pack, files)
    write_whole(target, content)
    return PackReceipt(
        target,
        pack.documents,
        len(pack.facts),
        len(pack.seals),
        len(files),
        sha256(content).hexdigest(),
    )


def _zipped(pack: AuditPack, files: Mapping[str, bytes]) -> bytes:
    head = pack.head
    index = {
        "format": FORMAT,
        "version": VERSION,
        "tenant": head.tenant,
        "document": pack.number,
        "documents": list(pack.documents),
        "madeAt": head.taken_at,
        "head": {"seal": head.seal, "hash": head.hash},
        "files": {name: sha256(content).hexdigest() for name, content in files.items()},
    }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {INDEX: _json(index), **files}.items():
            archive.writestr(zipfile.ZipInfo(name, _NO_TIME), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _files(pack: AuditPack, contents: ContentStore, tenant: Tenant) -> Iterator[tuple[str, bytes]]:
    yield "overview.txt", overview(pack, tenant.time_zone).encode()
    by_table: dict[str, list[PackedFact]] = {}
    for fact in pack.facts:
        by_table.setdefault(fact.table, []).append(fact)
    for table, facts in sorted(by_table.items()):
        yield f"{FACTS}{table}.jsonl", _lines(_fact(fact, pack.columns) for fact in facts)
    yield SEALS, _lines(_seal(seal) for seal in pack.seals)
    yield "bank.jsonl", _lines(_bank_line(line) for line in pack.bank_lines)
    yield (
        "exports.jsonl",
        _lines(
            {
                "entry": one.entry_seq,
                "target": one.target,
                "batch": one.batch,
                "createdAt": one.created_at,
                "sha256": one.sha256,
            }
            for one in pack.exports
        ),
    )
    for number, one in pack.renderings:
        name = file_of(number, one.format, one.rule_set, one.media_type)
        yield name, contents.get(tenant.id, one.sha256)


def file_of(number: str, format_id: str, rule_set: str, media_type: str) -> str:
    """What the file of a document's rendering is called in a pack."""
    suffix = FILE_SUFFIXES.get(media_type, ".bin")
    return f"{RENDERED}{number}.{format_id}.{rule_set}{suffix}".replace(" ", "_")


def _fact(fact: PackedFact, columns: Mapping[str, list[str]]) -> dict[str, object]:
    """A fact whose values carry the names of their columns, in the order in which they were hashed."""
    own, *parts = fact.rows
    names = columns[fact.table]
    part_names = columns.get(PARTS.get(fact.table, ""), [])
    return {
        "place": fact.place,
        "seal": fact.seal,
        "sha256": fact.sha256,
        # Pairs, not an object: the hash stands on their order.
        "values": [list(pair) for pair in zip(names, own, strict=False)],
        "parts": [[list(pair) for pair in zip(part_names, part, strict=False)] for part in parts],
    }


def _seal(seal: PackedSeal) -> dict[str, object]:
    return {
        "seq": seal.seq,
        "prev": seal.prev,
        "root": seal.root,
        "facts": seal.facts,
        "hash": seal.hash,
        "recordedAt": seal.recorded_at,
        "digests": None if seal.digests is None else list(seal.digests),
    }


def _bank_line(line: BankLine) -> dict[str, object]:
    moved = line.movement
    return {
        "id": moved.id,
        "account": moved.bank_iban,
        "bookedOn": moved.booked_on,
        "valueOn": moved.value_on,
        "amount": str(moved.amount.decimal),
        "currency": moved.amount.currency,
        "counterparty": moved.counterparty,
        "state": moved.state,
        "record": moved.data,
        "decisions": [
            {
                "no": one.no,
                "outcome": one.outcome,
                "rule": one.rule,
                "ruleVersion": one.rule_version,
                "reason": one.reason,
                "proof": one.proof,
                "decidedAt": one.decided_at,
            }
            for one in line.decisions
        ],
    }


def _json(value: object) -> bytes:
    return canonical_json(value).encode()


def _lines(values: Iterable[object]) -> bytes:
    return b"".join(_json(value) + b"\n" for value in values)
