"""Proving an audit pack without a database: hostile until proven, nothing of it is trusted (O27)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from faktura.domain.audit_pack import (
    Head,
    PackedFact,
    PackedSeal,
    problems_of_chain,
    problems_of_facts,
    problems_of_head,
)
from faktura.flows.audit_packs import (
    FACTS,
    FORMAT,
    INDEX,
    PARTS,
    RENDERED,
    SEALS,
    UNSEALED,
    VERSION,
    file_of,
)
from faktura.flows.files import read_bounded
from faktura.flows.pack_files import MOST_BYTES, unpacked
from faktura.kernel.errors import FileUnreadable, shortened
from faktura.store.audit_facts import column_names, place_in

_RENDERING = "DOCUMENT_RENDERED"
# What a text that somebody wrote to harm makes of the reading of it.
_MALFORMED = (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True)
class PackVerdict:
    """What was proved about a pack; `problems` are place and words, none where it holds.

    `unsealed` are files for people that no seal covers: they prove nothing.
    """

    document: str
    head: Head
    facts: int
    seals: int
    files: int
    unsealed: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]


def verify_pack(path: Path, expected: Head | None = None) -> PackVerdict:
    """Prove a pack: its files, each fact under its seal, the chain up to its head.

    That what is in it is genuine, that is; what was left out only the books tell. `expected` is a
    head that was kept elsewhere: the chain must hold that very seal. Raises FileUnreadable for what
    is no pack or one of a later release, HostileFile for what no honest one is.
    """
    files = unpacked(read_bounded(path, MOST_BYTES), path.name)
    index = _index(files, path.name)
    try:
        head = _head(index)
        facts = [_fact(name, line) for name, line in _all_lines(files)]
        seals = [_seal(line) for line in _lines(files.get(SEALS, b""))]
        wanted: dict[str, str] = dict(index["files"])
        document, listed = str(index["document"]), [str(one) for one in index["documents"]]
        problems = [
            *_problems_of_files(files, wanted),
            *_problems_of_names(files),
            *_problems_of_documents(files, document, listed),
            *problems_of_facts(facts, {seal.seq: seal for seal in seals}),
            *problems_of_chain(seals, head),
            *_problems_of_renderings(files, facts),
        ]
    except _MALFORMED as error:
        raise FileUnreadable(
            f"it is no whole audit pack: {shortened(repr(error))}", place=path.name
        ) from None
    if expected is not None:
        problems += problems_of_head(seals, head, expected)
    unsealed = tuple(name for name in UNSEALED if name in files)
    return PackVerdict(
        _shown(document),
        head,
        len(facts),
        len(seals),
        len(wanted),
        unsealed,
        tuple((_shown(place), words) for place, words in problems),
    )


def _shown(text: str) -> str:
    """The text as a terminal may show it, whoever wrote it."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def read_head(content: bytes, name: str) -> Head:
    """A head as `faktura accounting chain-head --json` wrote it; raises FileUnreadable."""
    try:
        found = json.loads(content)
        return Head(
            str(found["tenant"]),
            int(found["seal"]),
            str(found["hash"]),
            datetime.fromisoformat(found["taken_at"]),
        )
    except _MALFORMED:
        raise FileUnreadable(
            "it is no head of a chain",
            place=name,
            mend="Write one with `faktura accounting chain-head --json`",
        ) from None


def _index(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    index: dict[str, Any] = {}
    try:
        index = _read(files[INDEX])
        kind, version = index["format"], index["version"]
    except _MALFORMED:
        kind, version = None, None
    if kind != FORMAT:
        raise FileUnreadable(
            f"it is no audit pack: {INDEX} is missing or says otherwise",
            place=name,
            mend="Make one with `faktura accounting audit-pack INVOICE`",
        )
    if version != VERSION:
        raise FileUnreadable(
            f"the pack is of version {shortened(version)}, this release reads {VERSION}", place=name
        )
    return index


def _head(index: Mapping[str, Any]) -> Head:
    found = index["head"]
    made_at = datetime.fromisoformat(index["madeAt"])
    tenant, end = _shown(str(index["tenant"])), _shown(str(found["hash"]))
    return Head(tenant, int(found["seal"]), end, made_at)


def _all_lines(files: Mapping[str, bytes]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, content in files.items():
        if name.startswith(FACTS):
            table = name.removeprefix(FACTS).removesuffix(".jsonl")
            for line in _lines(content):
                yield table, line


def _lines(content: bytes) -> Iterator[dict[str, Any]]:
    for line in content.splitlines():
        found = _read(line)
        if not isinstance(found, dict):
            raise TypeError("a line that is no object")
        yield found


def _read(text: bytes) -> Any:
    """JSON that says each thing once: of two values of a name, people may read the other one."""
    return json.loads(text, object_pairs_hook=_said_once)


def _said_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is there twice")
    return found


def _fact(table: str, line: Mapping[str, Any]) -> PackedFact:
    rows = [[value for _, value in line["values"]]]
    rows += [[value for _, value in part] for part in line["parts"]]
    return PackedFact(table, str(line["place"]), int(line["seal"]), str(line["sha256"]), rows)


def _seal(line: Mapping[str, Any]) -> PackedSeal:
    digests = line["digests"]
    return PackedSeal(
        int(line["seq"]),
        str(line["prev"]),
        str(line["root"]),
        int(line["facts"]),
        str(line["hash"]),
        datetime.fromisoformat(line["recordedAt"]),
        None if digests is None else tuple(str(one) for one in digests),
    )


def _problems_of_files(
    files: Mapping[str, bytes], wanted: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for name, digest in wanted.items():
        content = files.get(name)
        if content is None:
            yield name, "the file is missing"
        elif sha256(content).hexdigest() != digest:
            yield name, "the file is not the one that was packed"
    tables = {f"{FACTS}{table}.jsonl" for table in column_names() if table not in PARTS.values()}
    for name in files:
        if name != INDEX and name not in wanted:
            yield name, "the file was added later"
        elif name not in {INDEX, SEALS, *UNSEALED, *tables} and not name.startswith(RENDERED):
            yield name, "an audit pack has no such file"


def _problems_of_names(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """The hash covers values in their order: under other names they would say something else.

    Nor does it cover the place, which is made of the values.
    """
    columns = column_names()
    for table, line in _all_lines(files):
        names = columns.get(table, [])
        part_names = columns.get(PARTS.get(table, ""), [])
        said = [name for name, _ in line["values"]]
        parts = [[name for name, _ in part] for part in line["parts"]]
        wrong = said != names[: len(said)] or any(part != part_names[: len(part)] for part in parts)
        place = str(line["place"])
        if not said or wrong:
            yield place, "its values do not bear the names of their columns"
        elif place != place_in(table, dict(line["values"])):
            yield place, "it stands for another fact than its values"


def _problems_of_documents(
    files: Mapping[str, bytes], document: str, listed: list[str]
) -> Iterator[tuple[str, str]]:
    """The documents that the index names are those whose facts are there."""
    found = {
        str(dict(line["values"]).get("number"))
        for table, line in _all_lines(files)
        if table == "document"
    }
    for number in sorted({document, *listed} - found):
        yield f"document {number}", "its facts are not in the pack"
    for number in sorted(found - set(listed)):
        yield f"document {number}", "the index does not name it"


def _problems_of_renderings(
    files: Mapping[str, bytes], facts: list[PackedFact]
) -> Iterator[tuple[str, str]]:
    """A document's files are those, under their names, that sealed events tell of."""
    sealed = dict(rendered for fact in facts if (rendered := _rendered(fact)) is not None)
    for name, content in files.items():
        if name.startswith(RENDERED) and sha256(content).hexdigest() != sealed.get(name):
            yield name, "no sealed event tells of these bytes"
    for name in sealed:
        if name not in files:
            yield name, "a sealed event tells of this file, and it is missing"


def _rendered(fact: PackedFact) -> tuple[str, str] | None:
    """The name and the hash of the file that an event tells of."""
    if fact.table != "event" or _RENDERING not in fact.rows[0]:
        return None
    told = json.loads(str(fact.rows[0][-1]))
    name = file_of(told["number"], told["format"], told["ruleSet"], told["mediaType"])
    return name, str(told["sha256"])
