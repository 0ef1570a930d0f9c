"""The plugin at its border: who it is, what it recognises, what it imports."""

import subprocess
import sys
from collections.abc import Callable

import pytest

import faktura_mt940
from faktura.plugin import Family
from faktura_mt940.parser import Mt940StatementParser


def test_the_plugin_says_who_it_is():
    """The hub loads it by this name and contract version."""
    manifest = faktura_mt940.describe_plugin()

    assert (manifest.name, manifest.api_version) == ("mt940", 1)
    assert manifest.families == (Family.BANKING,)


def test_it_registers_one_parser_of_mt940():
    """A user names the format in messages and settings."""
    (parser,) = faktura_mt940.register_statement_parsers()

    assert parser is Mt940StatementParser
    assert parser.format_id == "mt940"


def test_registering_imports_no_parsing_library():
    """Entry points import every plugin at start: what is heavy comes with the first file."""
    script = (
        "import sys, faktura_mt940; faktura_mt940.describe_plugin();"
        "faktura_mt940.register_statement_parsers(); print('mt940' in sys.modules)"
    )

    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    assert answer.stdout.strip() == b"False"


@pytest.mark.parametrize(
    "envelope",
    ["", "\r\n", "{1:F01GENODEF1XXXX0000000000}{2:I940GENODEF1XXXXN}{4:\r\n", "\ufeff"],
)
def test_a_statement_is_recognised_in_any_envelope(
    envelope: str, statement: Callable[..., str], transfer: str, parser: Mt940StatementParser
):
    """SWIFT's header may stand before the first field, or a byte order mark."""
    head = (envelope + statement(transfer)).encode()

    assert parser.recognises(head, "anything.txt")


@pytest.mark.parametrize("head", [b"", b"PK\x03\x04", b"<?xml version='1.0'?>", b":20:X\r\n:28C:1"])
def test_other_files_are_not_recognised(head: bytes, parser: Mt940StatementParser):
    """A file is judged by its content, never by its name."""
    assert not parser.recognises(head, "statement.sta")
