"""The plugin at its border: who it is, what it recognises, how it is set."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from pydantic import ValidationError

import faktura_camt
from faktura.plugin import Family
from faktura_camt.parser import CamtSettings, CamtStatementParser

Parser = Callable[..., CamtStatementParser]


def test_the_plugin_says_who_it_is():
    """The hub loads it by this name and contract version."""
    manifest = faktura_camt.describe_plugin()

    assert (manifest.name, manifest.api_version) == ("camt", 1)
    assert manifest.families == (Family.BANKING,)


def test_it_registers_one_parser_of_camt():
    """A user names the format in messages and settings."""
    (parser,) = faktura_camt.register_statement_parsers()

    assert parser is CamtStatementParser
    assert parser.format_id == "camt"


def test_registering_imports_no_xml_library():
    """Entry points import every plugin at start: what is heavy comes with the first file."""
    script = (
        "import sys, faktura_camt; faktura_camt.describe_plugin();"
        "faktura_camt.register_statement_parsers(); print('lxml' in sys.modules)"
    )

    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    assert answer.stdout.strip() == b"False"


def test_an_unknown_setting_is_refused():
    """A misspelt setting must not be ignored silently."""
    with pytest.raises(ValidationError):
        CamtSettings.model_validate({"leniant": True})


@pytest.mark.parametrize(
    "head",
    [
        b'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">',
        b'<n0:Document xmlns:n0="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">',
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'.encode("utf-16"),
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.08">',
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.04">',
        b"<Document><BkToCstmrStmt><GrpHdr>",
        b"<n0:Document><n0:BkToCstmrAcctRpt><GrpHdr>",
        b"<Document><BkToCstmrDbtCdtNtfctn\n>",
        b"PK\x03\x04.............20261111_C53.XML",
        b"PK\x03\x04.............inner.zip",
    ],
)
def test_camt_is_recognised_by_content(parser: Parser, head: bytes):
    """Banks name their files as they like; hostile ones are recognised too, to be refused."""
    assert parser().recognises(head, "anything.dat")


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\x00\xff\xfe",
        b":20:STARTUMS",
        b"PK\x03\x04.............statement.csv",
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.055.001.08">',
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.008.001.08">',
        b"<Invoice>",
    ],
)
def test_other_files_are_left_to_others(parser: Parser, head: bytes):
    """Another plugin may read them."""
    assert not parser().recognises(head, "statement.xml")
