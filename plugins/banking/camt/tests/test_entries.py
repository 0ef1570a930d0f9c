"""Entries become transactions: the fields of reference 2.2 and appendix A, in .02 and .08."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faktura.kernel.errors import (
    DateUnreadable,
    FieldInvalid,
    FieldMissing,
    FileUnreadable,
    UnknownTerm,
)
from faktura.plugin import BankTransaction, BookingStatus, StatementRecord

Build = Callable[..., str]
Read = Callable[..., list[BankTransaction]]

FULL = """<TxDtls>
  <Refs><AcctSvcrRef>D-1</AcctSvcrRef><EndToEndId>ZV-88</EndToEndId><MndtId>M-7</MndtId></Refs>
  <Amt Ccy="EUR">119.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
  <BkTxCd><Prtry><Cd>NTRF+166+9249+000</Cd><Issr>DK</Issr></Prtry></BkTxCd>
  <RltdPties>
    <Dbtr><Pty><Nm>Köhler &amp; Söhne</Nm></Pty></Dbtr>
    <DbtrAcct><Id><IBAN>de21 5005 0000 1234 5678 97</IBAN></Id></DbtrAcct>
    <UltmtDbtr><Pty><Nm>Filiale Süd</Nm></Pty></UltmtDbtr>
    <Cdtr><Pty><Nm>Wir</Nm><Id><PrvtId><Othr><Id>DE98ZZZ09999999999</Id></Othr></PrvtId></Id></Pty></Cdtr>
  </RltdPties>
  <RltdAgts><DbtrAgt><FinInstnId><BICFI>HELADEFFXXX</BICFI></FinInstnId></DbtrAgt></RltdAgts>
  <Purp><Cd>SALA</Cd></Purp>
  <RmtInf><Ustrd>RE-2026-000124  RE-2026-0001</Ustrd><Ustrd> 25</Ustrd>
    <Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf>
  <AddtlTxInf>Gutschrift</AddtlTxInf>
</TxDtls>"""
# The same in the older version: other names for party and bank, no amount in the detail.
FULL_02 = (
    FULL.replace("<Pty>", "")
    .replace("</Pty>", "")
    .replace("BICFI", "BIC")
    .replace('<Amt Ccy="EUR">119.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>', "")
)
CODE = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"


def test_every_field_of_a_transfer_is_read(one: Build, entry: Build, transactions: Read):
    """Appendix A: codes from the detail and from the entry, blanks in the remittance text kept."""
    content = one(entry(details=FULL, head="<NtryRef>9</NtryRef>" + CODE))

    (found,) = transactions(content)

    assert found.model_dump(exclude_defaults=True) == {
        "entry_index": 0,
        "place": "s.xml, statement 1, entry 1, line 1",
        "status": BookingStatus.BOOKED,
        "booked_on": date(2026, 11, 11),
        "value_on": date(2026, 11, 12),
        "amount": Decimal("119.00"),
        "currency": "EUR",
        "source_ref": "D-1",
        "entry_ref": "9",
        "end_to_end_id": "ZV-88",
        "mandate_id": "M-7",
        "creditor_id": "DE98ZZZ09999999999",
        "counterparty_name": "Köhler & Söhne",
        "counterparty_iban": "DE21500500001234567897",
        "counterparty_bic": "HELADEFFXXX",
        "ultimate_name": "Filiale Süd",
        "remittance_lines": ("RE-2026-000124  RE-2026-0001", " 25"),
        "structured_reference": "RF18539007547034",
        "gvc": "166",
        "bank_code": "PMNT/RCDT/ESCT",
        "purpose_code": "SALA",
        "booking_text": "Gutschrift",
    }


def test_version_02_and_08_give_the_same(one: Build, entry: Build, transactions: Read):
    """2.1: BIC and BICFI, Nm and Pty/Nm, Sts and Sts/Cd say the same."""
    new = transactions(one(entry(details=FULL, head=CODE)))

    old = transactions(one(entry(details=FULL_02, head=CODE, status="BOOK"), version="02"))

    assert old == new


def test_outgoing_money_has_the_creditor_as_counterparty(
    one: Build, entry: Build, transactions: Read
):
    """2.2: incoming is the debtor, outgoing the creditor; amounts are signed by CdtDbtInd."""
    parties = (
        "<TxDtls><RltdPties><Dbtr><Pty><Nm>Wir</Nm></Pty></Dbtr><Cdtr><Pty><Nm>Vermieter</Nm></Pty>"
        "</Cdtr><CdtrAcct><Id><Othr><Id>0815 4711</Id></Othr></Id></CdtrAcct></RltdPties></TxDtls>"
    )

    (found,) = transactions(one(entry("800.00", "DBIT", details=parties)))

    assert found.amount == Decimal("-800.00")
    assert (found.counterparty_name, found.counterparty_iban) == ("Vermieter", "0815 4711")


@pytest.mark.parametrize(
    ("code", "sign", "name"),
    [
        ("NRTI+159+000+000", "CRDT", "Cdtr"),  # our transfer bounced
        ("NDDT+193+000+000", "DBIT", "Dbtr"),  # we reversed our own collection
        ("PMNT/IDDT/RCDD", "DBIT", "Dbtr"),
        ("PMNT/RDDT/UPDD", "CRDT", "Cdtr"),  # a debit against us came back
        ("PMNT/RCDT/RRTN", "CRDT", "Cdtr"),
        ("PMNT/RCDT/ESCT", "CRDT", "Dbtr"),
        ("", "DBIT", "Cdtr"),
    ],
)
def test_the_counterparty_is_found_by_the_kind_of_booking(
    one: Build, entry: Build, transactions: Read, code: str, sign: str, name: str
):
    """2.2: decide by the code, not only by the sign: in a return the parties stay the first ones."""
    if "/" in code:
        domain, family, sub = code.split("/")
        words = f"<Domn><Cd>{domain}</Cd><Fmly><Cd>{family}</Cd><SubFmlyCd>{sub}</SubFmlyCd></Fmly></Domn>"
    else:
        words = f"<Prtry><Cd>{code}</Cd></Prtry>"
    parties = "".join(f"<{side}><Nm>{side}</Nm></{side}>" for side in ("Dbtr", "Cdtr"))
    details = f"<TxDtls><BkTxCd>{words}</BkTxCd><RltdPties>{parties}</RltdPties></TxDtls>"

    (found,) = transactions(one(entry("5.00", sign, details=details)))

    assert found.counterparty_name == name


def test_a_bank_that_acts_for_itself_has_a_name_too(one: Build, entry: Build, transactions: Read):
    """2.1: since .04 the debtor may be an agent."""
    agent = "<Agt><FinInstnId><Nm>Hausbank</Nm></FinInstnId></Agt>"
    details = f"<TxDtls><RltdPties><Dbtr>{agent}</Dbtr></RltdPties></TxDtls>"

    (found,) = transactions(one(entry(details=details)))

    assert found.counterparty_name == "Hausbank"


def test_notprovided_and_nonref_mean_none(one: Build, entry: Build, transactions: Read):
    """2.2: they are words for nothing; the next reference in order counts."""
    refs = (
        "<TxDtls><Refs><AcctSvcrRef>NONREF</AcctSvcrRef><EndToEndId>NOTPROVIDED</EndToEndId>"
        "<Prtry><Tp>X</Tp><Ref>NONREF</Ref></Prtry><Prtry><Tp>FI-UMSATZ-ID</Tp><Ref>U-5</Ref></Prtry>"
        "</Refs></TxDtls>"
    )

    (found,) = transactions(one(entry(details=refs, head="<AcctSvcrRef>NONREF</AcctSvcrRef>")))

    assert (found.source_ref, found.end_to_end_id) == ("U-5", None)


def test_the_entry_s_own_reference_and_text_come_first(
    one: Build, entry: Build, transactions: Read
):
    """Appendix A: E before T."""
    content = entry(
        details=FULL,
        head="<AcctSvcrRef>E-1</AcctSvcrRef>",
        text="<AddtlNtryInf>SEPA-Gutschrift</AddtlNtryInf>",
    )

    (found,) = transactions(one(content))

    assert (found.source_ref, found.booking_text) == ("E-1", "SEPA-Gutschrift")


def test_a_referred_document_is_a_structured_reference(
    one: Build, entry: Build, transactions: Read
):
    """Appendix A: CdtrRefInf/Ref, else RfrdDocInf/Nb."""
    details = (
        "<TxDtls><RmtInf><Strd><RfrdDocInf><Nb>RE-7</Nb></RfrdDocInf></Strd></RmtInf></TxDtls>"
    )

    (found,) = transactions(one(entry(details=details)))

    assert found.structured_reference == "RE-7"


def test_a_fee_without_details_is_one_record(one: Build, entry: Build, transactions: Read):
    """2.2: NtryDtls is optional; the flag of a reversal does not turn the sign round again."""
    content = entry(
        "9.90",
        head="<BkTxCd><Prtry><Cd>899</Cd></Prtry></BkTxCd>",
        inside="<RvslInd>true</RvslInd>",
        text="<AddtlNtryInf>STORNO KONTOFÜHRUNG</AddtlNtryInf>",
    )

    (found,) = transactions(one(content))

    assert (found.amount, found.reversal, found.gvc) == (Decimal("9.90"), True, "899")
    assert found.booking_text == "STORNO KONTOFÜHRUNG"


@pytest.mark.parametrize(
    ("code", "gvc"),
    [("NTRF+166", "166"), ("166", "166"), ("NTRF", None), ("NTRF+1666+1", None), ("A+٣٣٣", None)],
)
def test_the_gvc_is_three_ascii_digits(
    one: Build, entry: Build, transactions: Read, code: str, gvc: str | None
):
    """2.3: SWIFT+GVC+Primanota+Textschlüsselergänzung."""
    head = f"<BkTxCd><Prtry><Cd>{code}</Cd></Prtry></BkTxCd>"

    (found,) = transactions(one(entry(head=head)))

    assert found.gvc == gvc


def test_an_empty_code_of_the_detail_leaves_the_entry_s(
    one: Build, entry: Build, transactions: Read
):
    """2.3: `<BkTxCd/>` exists."""
    (found,) = transactions(one(entry(details="<TxDtls><BkTxCd/></TxDtls>", head=CODE)))

    assert found.bank_code == "PMNT/RCDT/ESCT"


def test_a_foreign_payment_keeps_both_amounts(one: Build, entry: Build, transactions: Read):
    """Appendix A: booked in EUR, instructed in USD, with the rate."""
    amounts = (
        '<TxDtls><AmtDtls><InstdAmt><Amt Ccy="USD">100.00</Amt></InstdAmt><TxAmt><Amt Ccy="EUR">92.10'
        "</Amt><CcyXchg><XchgRate>1.0858</XchgRate></CcyXchg></TxAmt></AmtDtls></TxDtls>"
    )

    (found,) = transactions(one(entry("92.10", details=amounts)))

    assert (found.amount, found.currency) == (Decimal("92.10"), "EUR")
    assert (found.instructed, found.instructed_currency) == (Decimal("100.00"), "USD")
    assert found.fx_rate == Decimal("1.0858")


def test_amount_details_of_the_entry_count_where_the_detail_has_none(
    one: Build, entry: Build, transactions: Read
):
    """Some banks put them on the entry of a single payment."""
    amounts = (
        '<AmtDtls><InstdAmt><Amt Ccy="CHF">90.00</Amt><CcyXchg><XchgRate>1.02</XchgRate></CcyXchg>'
        "</InstdAmt></AmtDtls>"
    )

    (found,) = transactions(one(entry("92.10", inside=amounts, details="<TxDtls/>")))

    assert (found.instructed, found.fx_rate) == (Decimal("90.00"), Decimal("1.02"))


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("BOOK", BookingStatus.BOOKED),
        ("PDNG", BookingStatus.PENDING),
        ("INFO", BookingStatus.INFO),
        ("FUTR", BookingStatus.FUTURE),
    ],
)
def test_the_status_is_kept_because_only_booked_may_be_posted(
    one: Build, entry: Build, transactions: Read, word: str, status: BookingStatus
):
    """2.5: PDNG, FUTR and INFO are previews."""
    (found,) = transactions(one(entry(status=f"\n  <Cd>{word}</Cd>\n")))

    assert found.status is status


@pytest.mark.parametrize("status", ["", "<Cd>XXXX</Cd>", "book", "<Prtry>BOOK</Prtry>"])
def test_an_unknown_status_is_refused(one: Build, entry: Build, transactions: Read, status: str):
    """A word nobody knows may mean that no money has moved."""
    with pytest.raises((UnknownTerm, FileUnreadable), match=r"entry 1.*Sts"):
        transactions(one(entry(status=status)))


@pytest.mark.parametrize(
    "day",
    [
        "<Dt>2026-11-11+01:00</Dt>",
        "<DtTm>2026-11-11T23:59:00</DtTm>",
        "<Dt>2026-11-11T00:00:00Z</Dt>",
    ],
)
def test_a_day_is_cut_out_of_what_banks_write(
    one: Build, entry: Build, transactions: Read, day: str
):
    """Appendix A: time zones behind Dt and timestamps in Dt occur."""
    (found,) = transactions(one(entry(dates=f"<BookgDt>{day}</BookgDt>")))

    assert (found.booked_on, found.value_on) == (date(2026, 11, 11), None)


@pytest.mark.parametrize("day", ["2026-02-30", "11.11.2026", "2026-11-11x", "٢٠٢٦-11-11"])
def test_a_day_that_is_none_is_refused(one: Build, entry: Build, transactions: Read, day: str):
    """Nothing is guessed about dates."""
    with pytest.raises(DateUnreadable, match=r"entry 1.*BookgDt"):
        transactions(one(entry(dates=f"<BookgDt><Dt>{day}</Dt></BookgDt>")))


def test_a_booked_entry_needs_its_day_and_a_preview_takes_the_value_day(
    one: Build, entry: Build, transactions: Read
):
    """What is booked says when; what is announced may only know when it counts."""
    only_value = "<ValDt><Dt>2026-11-13</Dt></ValDt>"

    (preview,) = transactions(one(entry(dates=only_value, status="<Cd>PDNG</Cd>")))

    assert preview.booked_on == date(2026, 11, 13)
    with pytest.raises(FieldMissing, match="BookgDt"):
        transactions(one(entry(dates=only_value)))


def test_a_flag_that_is_neither_true_nor_false_is_refused(
    one: Build, entry: Build, transactions: Read
):
    """An XML boolean has four spellings."""
    with pytest.raises(FieldInvalid, match="RvslInd"):
        transactions(one(entry(inside="<RvslInd>yes</RvslInd>")))


def test_identical_twins_stay_two(
    one: Build, entry: Build, parse: Callable[..., list[StatementRecord]]
):
    """2.5: two equal transfers of a day are two; the parser removes nothing."""
    start, first, second, end = parse(one(entry(details=FULL), entry(details=FULL)))

    assert isinstance(first, BankTransaction)
    assert isinstance(second, BankTransaction)
    assert (first.entry_index, second.entry_index) == (0, 1)
    assert first.model_copy(update={"entry_index": 1, "place": second.place}) == second
    assert (start.record, end.record) == ("start", "end")


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="￾￿"),
    min_size=1,
    max_size=140,
)


@given(lines=st.lists(TEXTS, min_size=1, max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_remittance_lines_come_through_untouched(
    one: Build, entry: Build, transactions: Read, lines: list[str]
):
    """6.7: the raw remittance text is stored as the bank wrote it, blanks and signs included."""
    escaped = [
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for text in lines
    ]
    ustrd = "".join(f"<Ustrd>{text}</Ustrd>" for text in escaped)

    (found,) = transactions(one(entry(details=f"<TxDtls><RmtInf>{ustrd}</RmtInf></TxDtls>")))

    assert found.remittance_lines == tuple(lines)
