"""The parser keeps what the core relies on: the statement parsers' kit, in two of its messages."""

from collections.abc import Sequence
from typing import ClassVar
from xml.sax.saxutils import escape

from typing_extensions import override

from faktura.plugin import Adapter
from faktura.testing.kit.statement_samples import (
    BookingSample,
    Carried,
    Expected,
    FileSample,
    StatementSample,
)
from faktura.testing.kit.statements import StatementParserKit
from faktura_camt.parser import CamtStatementParser

NOVEMBER = b"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
 <BkToCstmrStmt>
  <GrpHdr><MsgId>MSG-1</MsgId><CreDtTm>2026-11-03T06:00:00+01:00</CreDtTm></GrpHdr>
  <Stmt>
   <Id>S-31</Id>
   <Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>
   <Ntry>
    <Amt Ccy="EUR">119.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
    <BookgDt><Dt>2026-11-02</Dt></BookgDt><ValDt><Dt>2026-11-03</Dt></ValDt>
    <NtryDtls>
     <TxDtls>
      <RltdPties><Dbtr><Pty><Nm>Erika Muster</Nm></Pty></Dbtr></RltdPties>
      <RmtInf><Ustrd>RE-1001</Ustrd></RmtInf>
     </TxDtls>
    </NtryDtls>
   </Ntry>
   <Ntry>
    <Amt Ccy="EUR">3.50</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
    <BookgDt><Dt>2026-11-03</Dt></BookgDt>
   </Ntry>
  </Stmt>
 </BkToCstmrStmt>
</Document>
"""


class TestCamt053(StatementParserKit):
    """camt.053, the statement."""

    adapter_class: ClassVar[type[Adapter]] = CamtStatementParser
    filename = "november.xml"
    message: ClassVar[tuple[str, str, str]] = ("053", "BkToCstmrStmt", "Stmt")

    @override
    def write(self, *statements: StatementSample) -> bytes:
        number, root, part = self.message
        space = f"urn:iso:std:iso:20022:tech:xsd:camt.{number}.001.08"
        inside = "".join(_statement(one, part) for one in statements)
        text = (
            '<?xml version="1.0" encoding="UTF-8"?>'
            f'<Document xmlns="{space}"><{root}><GrpHdr><MsgId>MSG-1</MsgId></GrpHdr>'
            f"{inside}</{root}></Document>"
        )
        return text.encode("utf-8", "surrogatepass")

    @override
    def samples(self) -> Sequence[FileSample]:
        credit = Expected(
            "119.00", "2026-11-02", value_on="2026-11-03", text="RE-1001", name="Erika Muster"
        )
        return [FileSample(NOVEMBER, (credit, Expected("-3.50", "2026-11-03")))]


class TestCamt052(TestCamt053):
    """camt.052, the report within the day: it need not add up to anything."""

    message = ("052", "BkToCstmrAcctRpt", "Rpt")
    lacks = frozenset({Carried.BALANCES})


def _statement(sample: StatementSample, part: str) -> str:
    account = f"<Acct><Id><IBAN>{sample.iban}</IBAN></Id><Ccy>{sample.currency}</Ccy></Acct>"
    balances = "".join(
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f"{_amount(amount, sample.currency)}<Dt><Dt>2026-11-02</Dt></Dt></Bal>"
        for code, amount in (("OPBD", sample.opening), ("CLBD", sample.closing))
    )
    entries = "".join(_entry(one, sample.currency) for one in sample.bookings)
    return f"<{part}><Id>S-{sample.number}</Id>{account}{balances}\n{entries}</{part}>"


def _amount(amount: str, currency: str) -> str:
    sign = "DBIT" if amount.startswith("-") else "CRDT"
    digits = escape(amount.removeprefix("-"))
    return f'<Amt Ccy="{currency}">{digits}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'


def _entry(one: BookingSample, currency: str) -> str:
    ours, theirs = ("Cdtr", "Dbtr") if not one.amount.startswith("-") else ("Dbtr", "Cdtr")
    name = f"<{theirs}><Pty><Nm>{escape(one.name)}</Nm></Pty></{theirs}>" if one.name else ""
    iban = f"<{theirs}Acct><Id><IBAN>{one.iban}</IBAN></Id></{theirs}Acct>" if one.iban else ""
    us = f"<{ours}><Pty><Nm>Werk GmbH</Nm></Pty></{ours}>"
    text = f"<RmtInf><Ustrd>{escape(one.text)}</Ustrd></RmtInf>" if one.text else ""
    reference = f"<EndToEndId>{one.end_to_end}</EndToEndId>" if one.end_to_end else ""
    of_bank = f"<AcctSvcrRef>{one.bank_reference}</AcctSvcrRef>" if one.bank_reference else ""
    status = "PDNG" if one.is_pending else "BOOK"
    return (
        f"<Ntry>{_amount(one.amount, currency)}<Sts><Cd>{status}</Cd></Sts>"
        f"<BookgDt><Dt>{one.booked_on}</Dt></BookgDt><ValDt><Dt>{one.value_on}</Dt></ValDt>"
        f"<NtryDtls><TxDtls><Refs>{of_bank}{reference}</Refs>"
        f"<RltdPties>{us}{name}{iban}</RltdPties>{text}</TxDtls></NtryDtls></Ntry>\n"
    )
