"""A whole file to the letter, and the same bytes every time (banking.md 3.2 and 3.6)."""

from collections.abc import Callable
from datetime import date

import pytest

from faktura.plugin import DebitFile, DebitItem, DebtorAddress
from faktura_sepa.adapter import SepaAdapter

Adapter = Callable[..., SepaAdapter]
File = Callable[..., DebitFile]
Item = Callable[..., DebitItem]

# Written by hand, an element a line; the file itself has no blanks between elements.
THREE_BLOCKS = """\
<?xml version='1.0' encoding='UTF-8'?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.008.001.08">
<CstmrDrctDbtInitn>
  <GrpHdr>
    <MsgId>FAK-20261122-7</MsgId>
    <CreDtTm>2026-11-22T08:30:15Z</CreDtTm>
    <NbOfTxs>4</NbOfTxs>
    <CtrlSum>1373.57</CtrlSum>
    <InitgPty><Nm>Muellers Laedle GmbH + Co. KG</Nm></InitgPty>
  </GrpHdr>
  <PmtInf>
    <PmtInfId>FAK-20261122-7-1</PmtInfId>
    <PmtMtd>DD</PmtMtd>
    <BtchBookg>true</BtchBookg>
    <NbOfTxs>1</NbOfTxs>
    <CtrlSum>0.01</CtrlSum>
    <PmtTpInf>
      <SvcLvl><Cd>SEPA</Cd></SvcLvl>
      <LclInstrm><Cd>CORE</Cd></LclInstrm>
      <SeqTp>OOFF</SeqTp>
    </PmtTpInf>
    <ReqdColltnDt>2026-11-30</ReqdColltnDt>
    <Cdtr><Nm>Muellers Laedle GmbH + Co. KG</Nm></Cdtr>
    <CdtrAcct><Id><IBAN>DE02120300000000202051</IBAN></Id></CdtrAcct>
    <CdtrAgt><FinInstnId><BICFI>BYLADEM1001</BICFI></FinInstnId></CdtrAgt>
    <ChrgBr>SLEV</ChrgBr>
    <CdtrSchmeId><Id><PrvtId><Othr>
      <Id>DE98ZZZ09999999999</Id>
      <SchmeNm><Prtry>SEPA</Prtry></SchmeNm>
    </Othr></PrvtId></Id></CdtrSchmeId>
    <DrctDbtTxInf>
      <PmtId><EndToEndId>E2E-1</EndToEndId></PmtId>
      <InstdAmt Ccy="EUR">0.01</InstdAmt>
      <DrctDbtTx><MndtRltdInf>
        <MndtId>M-1</MndtId>
        <DtOfSgntr>2026-01-15</DtOfSgntr>
      </MndtRltdInf></DrctDbtTx>
      <DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt>
      <Dbtr><Nm>Erika Mustermann</Nm></Dbtr>
      <DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>
      <RmtInf><Ustrd>Rechnung RE-2026-000130</Ustrd></RmtInf>
    </DrctDbtTxInf>
  </PmtInf>
  <PmtInf>
    <PmtInfId>FAK-20261122-7-2</PmtInfId>
    <PmtMtd>DD</PmtMtd>
    <BtchBookg>true</BtchBookg>
    <NbOfTxs>2</NbOfTxs>
    <CtrlSum>1353.56</CtrlSum>
    <PmtTpInf>
      <SvcLvl><Cd>SEPA</Cd></SvcLvl>
      <LclInstrm><Cd>CORE</Cd></LclInstrm>
      <SeqTp>RCUR</SeqTp>
    </PmtTpInf>
    <ReqdColltnDt>2026-11-30</ReqdColltnDt>
    <Cdtr><Nm>Muellers Laedle GmbH + Co. KG</Nm></Cdtr>
    <CdtrAcct><Id><IBAN>DE02120300000000202051</IBAN></Id></CdtrAcct>
    <CdtrAgt><FinInstnId><BICFI>BYLADEM1001</BICFI></FinInstnId></CdtrAgt>
    <ChrgBr>SLEV</ChrgBr>
    <CdtrSchmeId><Id><PrvtId><Othr>
      <Id>DE98ZZZ09999999999</Id>
      <SchmeNm><Prtry>SEPA</Prtry></SchmeNm>
    </Othr></PrvtId></Id></CdtrSchmeId>
    <DrctDbtTxInf>
      <PmtId><EndToEndId>E2E-2</EndToEndId></PmtId>
      <InstdAmt Ccy="EUR">119.00</InstdAmt>
      <DrctDbtTx><MndtRltdInf>
        <MndtId>M-2</MndtId>
        <DtOfSgntr>2026-01-15</DtOfSgntr>
        <AmdmntInd>true</AmdmntInd>
        <AmdmntInfDtls>
          <OrgnlMndtId>ALT-2</OrgnlMndtId>
          <OrgnlDbtrAcct><Id><Othr><Id>SMNDA</Id></Othr></Id></OrgnlDbtrAcct>
        </AmdmntInfDtls>
      </MndtRltdInf></DrctDbtTx>
      <DbtrAgt><FinInstnId><BICFI>COBADEFFXXX</BICFI></FinInstnId></DbtrAgt>
      <Dbtr><Nm>Juergen Groesse</Nm></Dbtr>
      <DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>
      <RmtInf><Ustrd>Rechnung RE-2026-000130</Ustrd></RmtInf>
    </DrctDbtTxInf>
    <DrctDbtTxInf>
      <PmtId><EndToEndId>E2E-3</EndToEndId></PmtId>
      <InstdAmt Ccy="EUR">1234.56</InstdAmt>
      <DrctDbtTx><MndtRltdInf>
        <MndtId>M-3</MndtId>
        <DtOfSgntr>2026-01-15</DtOfSgntr>
      </MndtRltdInf></DrctDbtTx>
      <DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt>
      <Dbtr><Nm>Erika Mustermann</Nm></Dbtr>
      <DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>
      <RmtInf><Ustrd>Rechnung RE-2026-000130</Ustrd></RmtInf>
    </DrctDbtTxInf>
  </PmtInf>
  <PmtInf>
    <PmtInfId>FAK-20261122-7-3</PmtInfId>
    <PmtMtd>DD</PmtMtd>
    <BtchBookg>true</BtchBookg>
    <NbOfTxs>1</NbOfTxs>
    <CtrlSum>20.00</CtrlSum>
    <PmtTpInf>
      <SvcLvl><Cd>SEPA</Cd></SvcLvl>
      <LclInstrm><Cd>CORE</Cd></LclInstrm>
      <SeqTp>FNAL</SeqTp>
    </PmtTpInf>
    <ReqdColltnDt>2026-12-01</ReqdColltnDt>
    <Cdtr><Nm>Muellers Laedle GmbH + Co. KG</Nm></Cdtr>
    <CdtrAcct><Id><IBAN>DE02120300000000202051</IBAN></Id></CdtrAcct>
    <CdtrAgt><FinInstnId><BICFI>BYLADEM1001</BICFI></FinInstnId></CdtrAgt>
    <ChrgBr>SLEV</ChrgBr>
    <CdtrSchmeId><Id><PrvtId><Othr>
      <Id>DE98ZZZ09999999999</Id>
      <SchmeNm><Prtry>SEPA</Prtry></SchmeNm>
    </Othr></PrvtId></Id></CdtrSchmeId>
    <DrctDbtTxInf>
      <PmtId><EndToEndId>E2E-4</EndToEndId></PmtId>
      <InstdAmt Ccy="EUR">20.00</InstdAmt>
      <DrctDbtTx><MndtRltdInf>
        <MndtId>M-4</MndtId>
        <DtOfSgntr>2026-01-15</DtOfSgntr>
      </MndtRltdInf></DrctDbtTx>
      <DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt>
      <Dbtr>
        <Nm>Reto Keller</Nm>
        <PstlAdr>
          <StrtNm>Bahnhofstr. 1</StrtNm>
          <PstCd>8001</PstCd>
          <TwnNm>Zuerich</TwnNm>
          <Ctry>CH</Ctry>
        </PstlAdr>
      </Dbtr>
      <DbtrAcct><Id><IBAN>CH9300762011623852957</IBAN></Id></DbtrAcct>
      <RmtInf><Ustrd>Rechnung RE-2026-000130</Ustrd></RmtInf>
    </DrctDbtTxInf>
  </PmtInf>
</CstmrDrctDbtInitn>
</Document>
"""


@pytest.fixture
def three_blocks(file: File, item: Item) -> DebitFile:
    """Four debits over one account, not in the order of the file."""
    swiss = DebtorAddress(street="Bahnhofstr. 1", post_code="8001", town="Zürich", country="CH")
    return file(
        item(
            end_to_end="E2E-4",
            reference="M-4",
            amount="20.00",
            due_on=date(2026, 12, 1),
            last_collection=True,
            debtor_name="Reto Keller",
            iban="CH9300762011623852957",
            address=swiss,
        ),
        item(end_to_end="E2E-3", reference="M-3", amount="1234.56"),
        item(
            end_to_end="E2E-2",
            reference="M-2",
            debtor_name="Jürgen Größe",
            bic="COBADEFFXXX",
            former_reference="ALT-2",
            former_account="DE02120300000000202051",
        ),
        item(end_to_end="E2E-1", reference="M-1", amount="0.01", sequence="ONE_OFF"),
        creditor_name="Müllers Lädle GmbH & Co. KG",
        bic="BYLADEM1001",
    )


def test_a_file_to_the_letter(adapter: Adapter, three_blocks: DebitFile):
    """One block a due day, scheme and sequence; the sums are exact; nobody's creditor id but once."""
    written = adapter().write(three_blocks)

    first, _, rest = THREE_BLOCKS.partition("\n")
    body = "".join(line.strip() for line in rest.splitlines())
    assert written.content.decode() == f"{first}\n{body}"
    assert written.filename == "pain.008_FAK-20261122-7.xml"
    assert written.media_type == "application/xml"


def test_the_same_file_is_the_same_bytes_in_any_order_of_its_debits(
    adapter: Adapter, three_blocks: DebitFile
):
    """A repetition, and one after the database gave the rows in another order."""
    turned = three_blocks.model_copy(update={"items": three_blocks.items[::-1]})

    again = adapter().write(three_blocks.model_copy(deep=True))

    assert again == adapter().write(three_blocks) == adapter().write(turned)
