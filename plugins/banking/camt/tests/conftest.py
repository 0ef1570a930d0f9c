"""Builders of camt documents, and a parser that reads them."""

import io
import logging
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from faktura.kernel.clock import FixedClock
from faktura.plugin import BankTransaction, Runtime, StatementEnd, StatementRecord
from faktura_camt.parser import CamtSettings, CamtStatementParser

OWN_IBAN = "DE02120300000000202051"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001."
# What each message calls its outermost element and one account's share of it.
NAMES = {
    "052": ("BkToCstmrAcctRpt", "Rpt"),
    "053": ("BkToCstmrStmt", "Stmt"),
    "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}


class NoState:
    """The parser keeps no state."""

    def get(self, key: str) -> object | None:
        """Nothing is ever asked."""
        raise AssertionError(key)

    def put(self, key: str, value: Mapping[str, object]) -> None:
        """Nothing may be put."""
        raise AssertionError(key, value)


@pytest.fixture
def parser() -> Callable[..., CamtStatementParser]:
    """Build the parser; `lenient` is its setting."""

    def build(*, lenient: bool = False) -> CamtStatementParser:
        clock = FixedClock(datetime(2026, 11, 12, 8, tzinfo=UTC))
        runtime = Runtime(clock=clock, log=logging.getLogger("test"), state=NoState())
        return CamtStatementParser(CamtSettings(lenient=lenient), runtime)

    return build


@pytest.fixture
def parse(parser: Callable[..., CamtStatementParser]) -> Callable[..., list[StatementRecord]]:
    """Read a whole file, given as text (then UTF-8) or bytes."""

    def read(
        content: str | bytes, name: str = "s.xml", *, lenient: bool = False
    ) -> list[StatementRecord]:
        data = content.encode() if isinstance(content, str) else content
        return list(parser(lenient=lenient).parse(io.BytesIO(data), name))

    return read


@pytest.fixture
def transactions(
    parse: Callable[..., list[StatementRecord]],
) -> Callable[..., list[BankTransaction]]:
    """The transactions of a file; each is proved to be what a validated record would be."""

    def read(content: str | bytes, **options: bool) -> list[BankTransaction]:
        found = [one for one in parse(content, **options) if isinstance(one, BankTransaction)]
        assert [BankTransaction.model_validate(one.model_dump()) for one in found] == found
        return found

    return read


@pytest.fixture
def end(parse: Callable[..., list[StatementRecord]]) -> Callable[..., StatementEnd]:
    """The end record of a file with one statement."""

    def read(content: str | bytes, **options: bool) -> StatementEnd:
        (found,) = [one for one in parse(content, **options) if isinstance(one, StatementEnd)]
        return found

    return read


@pytest.fixture
def balance() -> Callable[..., str]:
    """Build a Bal: code, amount, sign, day."""

    def build(code: str, amount: str, sign: str = "CRDT", on: str = "2026-11-11") -> str:
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
            f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
            f"<Dt><Dt>{on}</Dt></Dt></Bal>"
        )

    return build


@pytest.fixture
def statement() -> Callable[..., str]:
    """Build a Stmt of entries; `head` stands before its account."""

    def build(*inside: str, iban: str = OWN_IBAN, head: str = "", number: str = "S1") -> str:
        account = f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        return f"<Stmt><Id>{number}</Id>{head}{account}{''.join(inside)}</Stmt>"

    return build


@pytest.fixture
def document() -> Callable[..., str]:
    """Build a document of statements, without an XML declaration; `message` 052, 053 or 054."""

    def build(*statements: str, version: str = "08", header: str = "", message: str = "053") -> str:
        root, part = NAMES[message]
        inside = "".join(statements).replace("<Stmt>", f"<{part}>").replace("</Stmt>", f"</{part}>")
        namespace = NAMESPACE.replace("053", message)
        return (
            f'<Document xmlns="{namespace}{version}"><{root}>'
            f"<GrpHdr><MsgId>MSG-1</MsgId>{header}</GrpHdr>{inside}</{root}></Document>"
        )

    return build


@pytest.fixture
def entry() -> Callable[..., str]:
    """Build an Ntry in the order of the schema; `head` stands before, `inside` after BkTxCd."""

    def build(
        amount: str = "119.00",
        sign: str = "CRDT",
        *,
        details: str = "",
        status: str = "<Cd>BOOK</Cd>",
        dates: str = "<BookgDt><Dt>2026-11-11</Dt></BookgDt><ValDt><Dt>2026-11-12</Dt></ValDt>",
        head: str = "",
        inside: str = "",
        text: str = "",
    ) -> str:
        return (
            f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
            f"<Sts>{status}</Sts>{dates}{head}{inside}"
            f"{f'<NtryDtls>{details}</NtryDtls>' if details else ''}{text}</Ntry>"
        )

    return build


@pytest.fixture
def one(document: Callable[..., str], statement: Callable[..., str]) -> Callable[..., str]:
    """Build a document with one statement of these entries."""
    return lambda *entries, **options: document(statement(*entries), **options)


@pytest.fixture
def zipped() -> Callable[..., bytes]:
    """Build a ZIP archive of names and contents."""

    def build(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", method) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return buffer.getvalue()

    return build
