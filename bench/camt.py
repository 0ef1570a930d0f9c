"""Reading a camt.053 of 100,000 entries against bare lxml over the same file."""

import logging
import tempfile
from pathlib import Path
from typing import cast

import camt_file
from figure import Figure, at_most, below, run_alone_by_turns
from lxml import etree

import faktura_camt.reader  # noqa: F401 - the parser imports it late; imports are not measured
from faktura.kernel.clock import SystemClock
from faktura.plugin import Runtime, StateStore
from faktura_camt.parser import CamtSettings, CamtStatementParser

ENTRIES = 100_000


def measure(entries: int = ENTRIES) -> list[Figure]:
    """CPU seconds against the bare parser, and memory above the imports."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "statement.xml")
        camt_file.write_statement(path, entries)
        ours, bare = run_alone_by_turns(
            ("camt", "parse", str(path), str(camt_file.transactions_in(entries))),
            ("camt", "iterparse", str(path), str(entries)),
        )
    name = f"camt_{entries}"
    return [
        at_most(f"{name}_cpu", ours.cpu_seconds, "s", bare.cpu_seconds, 4.0),
        below(f"{name}_memory", ours.above_imports_mb, "MB", 60),
    ]


def parse(path: str, expected: str) -> None:
    """Read all records of the file with the plugin's parser."""
    # The parser is pure: it asks its runtime for nothing.
    runtime = Runtime(SystemClock(), logging.getLogger("bench"), cast("StateStore", None))
    parser = CamtStatementParser(CamtSettings(), runtime)
    with Path(path).open("rb") as file:
        found = sum(1 for record in parser.parse(file, path) if record.record == "transaction")
    assert found == int(expected), found


def iterparse(path: str, expected: str) -> None:
    """Let lxml find the entries and drop them, as fast as it can."""
    found = 0
    for _, entry in etree.iterparse(path, events=("end",), tag="{*}Ntry", resolve_entities=False):
        found += 1
        entry.clear()
        parent = entry.getparent()
        while entry.getprevious() is not None:
            del parent[0]
    assert found == int(expected), found


if __name__ == "__main__":
    for figure in measure():
        print(figure.line())
