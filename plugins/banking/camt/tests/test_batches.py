"""Collective bookings and returned direct debits: the details add up to the entry (2.4, 2.5)."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faktura.kernel.errors import AmountUnreadable, BadInput
from faktura.plugin import BankTransaction, StatementEnd

Build = Callable[..., str]
Read = Callable[..., list[BankTransaction]]

BTCH = "<Btch><MsgId>PAIN-1</MsgId><PmtInfId>PAIN-1-RCUR</PmtInfId><NbOfTxs>2</NbOfTxs></Btch>"
RETURN_CODE = "<BkTxCd><Prtry><Cd>NRTI+109+9201+000</Cd></Prtry></BkTxCd>"
PARTIES = "<RltdPties><Dbtr><Pty><Nm>Erika</Nm></Pty></Dbtr><Cdtr><Pty><Nm>Wir</Nm></Pty></Cdtr></RltdPties>"


def detail(amount: str, sign: str = "CRDT", more: str = "", ccy: str = "EUR") -> str:
    """A detail of version .08."""
    return f'<TxDtls><Amt Ccy="{ccy}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{more}</TxDtls>'


def charges(*amounts: str, sign: str = "DBIT", ccy: str = "EUR") -> str:
    """Charges of version .08: records under a total."""
    records = "".join(
        f'<Rcrd><Amt Ccy="{ccy}">{one}</Amt><CdtDbtInd>{sign}</CdtDbtInd></Rcrd>' for one in amounts
    )
    return f"<Chrgs>{records}</Chrgs>"


def instructed(amount: str) -> str:
    """AmtDtls with the amount that was collected."""
    return f'<AmtDtls><InstdAmt><Amt Ccy="EUR">{amount}</Amt></InstdAmt></AmtDtls>'


def test_a_batch_becomes_one_record_per_detail(one: Build, entry: Build, transactions: Read):
    """2.5: expanded once; each record knows its batch, its number, and how many there are."""
    content = entry("75.50", details=BTCH + detail("50.00") + detail("25.50"))

    first, second = transactions(one(content))

    assert (first.amount, second.amount) == (Decimal("50.00"), Decimal("25.50"))
    assert (second.entry_index, second.detail_index, second.detail_count) == (0, 1, 2)
    assert second.place == "s.xml, statement 1, entry 1, line 1, detail 2"
    assert (first.batch_message_id, second.batch_payment_id) == ("PAIN-1", "PAIN-1-RCUR")


def test_texts_of_the_entry_stand_on_each_detail(one: Build, entry: Build, transactions: Read):
    """Appendix A: the entry's reference and booking text come first, for all its details."""
    content = entry(
        "75.50",
        head="<NtryRef>4</NtryRef><AcctSvcrRef>B-4</AcctSvcrRef>",
        details=detail("50.00", more="<AddtlTxInf>x</AddtlTxInf>") + detail("25.50"),
        text="<AddtlNtryInf>SAMMEL</AddtlNtryInf>",
    )

    found = transactions(one(content))

    assert [(t.entry_ref, t.source_ref, t.booking_text) for t in found] == [
        ("4", "B-4", "SAMMEL"),
        ("4", "B-4", "SAMMEL"),
    ]


def test_a_batch_without_details_is_one_record(one: Build, entry: Build, transactions: Read):
    """2.5: the details come in camt.054 or are our own file; the batch ids lead there."""
    (found,) = transactions(one(entry("150.00", details=BTCH)))

    assert (found.amount, found.detail_count) == (Decimal("150.00"), 1)
    assert (found.batch_message_id, found.batch_payment_id) == ("PAIN-1", "PAIN-1-RCUR")


def test_details_without_any_amount_stay_together(
    one: Build, entry: Build, transactions: Read, end: Callable[..., StatementEnd]
):
    """Version .02 allows them; how to split is not known, so nothing is split and a person told."""
    details = "".join(f"<TxDtls><RmtInf><Ustrd>RE-{n}</Ustrd></RmtInf></TxDtls>" for n in (1, 2, 3))
    content = one(entry("150.00", details=BTCH + details), version="02")

    (found,) = transactions(content)

    assert (found.amount, found.remittance_lines) == (Decimal("150.00"), ("RE-1", "RE-2", "RE-3"))
    assert found.batch_message_id == "PAIN-1"
    assert "1 batches have details without amounts: each is one movement" in end(content).warnings


def test_two_blocks_of_details_have_each_their_batch(one: Build, entry: Build, transactions: Read):
    """NtryDtls may repeat."""
    other = BTCH.replace("PAIN-1", "PAIN-2")
    details = BTCH + detail("50.00") + "</NtryDtls><NtryDtls>" + other + detail("25.50")

    first, second = transactions(one(entry("75.50", details=details)))

    assert (first.batch_message_id, second.batch_message_id) == ("PAIN-1", "PAIN-2")


def test_details_may_go_against_their_entry(one: Build, entry: Build, transactions: Read):
    """A net booking: each detail has its own sign."""
    content = entry("40.00", details=detail("50.00") + detail("10.00", "DBIT"))

    found = transactions(one(content))

    assert [t.amount for t in found] == [Decimal("50.00"), Decimal("-10.00")]


def test_version_02_details_have_their_amount_in_the_amount_details(
    one: Build, entry: Build, transactions: Read
):
    """2.1: TxAmt, else the counter value, else what was instructed."""
    kinds = [("TxAmt", "50.00"), ("CntrValAmt", "20.00"), ("InstdAmt", "5.50")]
    details = "".join(
        f'<TxDtls><AmtDtls><{kind}><Amt Ccy="EUR">{amount}</Amt></{kind}></AmtDtls></TxDtls>'
        for kind, amount in kinds
    )

    found = transactions(one(entry("75.50", details=details), version="02"))

    assert [t.amount for t in found] == [Decimal("50.00"), Decimal("20.00"), Decimal("5.50")]


@pytest.mark.parametrize(
    "details",
    [
        detail("50.00") + detail("25.49"),
        detail("50.00") + "<TxDtls/>",
        detail("50.00") + detail("25.50", ccy="USD"),
        detail("50.00") + detail("25.50", "DBIT"),
        detail("75.51"),
        detail("75.50", "DBIT"),
        detail("75.50") + detail("75.50"),
        detail("70.00", more=charges("5.00")),
        detail("70.00", more=charges("5.50", ccy="USD")),
        detail("50.00", more=charges("1.00")) + detail("20.00"),
    ],
)
def test_details_that_contradict_the_entry_are_an_error(
    one: Build, entry: Build, transactions: Read, details: str
):
    """2.4: if the equation fails, nothing may be booked; parsers are known to lose details here."""
    with pytest.raises(AmountUnreadable, match=r"statement 1, entry 1, line 1, TxDtls"):
        transactions(one(entry("75.50", details=details)))


def test_charges_taken_off_each_detail_are_in_its_record(
    one: Build, entry: Build, transactions: Read
):
    """The details state 100 and 60 before charges, the account moved by 103 and 61.38."""
    more = [charges("3.00"), charges("1.38")]
    details = detail("100.00", "DBIT", more[0]) + detail("60.00", "DBIT", more[1])

    found = transactions(one(entry("164.38", "DBIT", details=details)))

    assert [(t.amount, t.instructed, t.charges) for t in found] == [
        (Decimal("-103.00"), Decimal("100.00"), Decimal("3.00")),
        (Decimal("-61.38"), Decimal("60.00"), Decimal("1.38")),
    ]


def test_charges_taken_off_a_whole_batch_are_a_record_of_their_own(
    one: Build, entry: Build, transactions: Read
):
    """The records must add up to what was booked: 50.00 + 25.50 - 0.50 = 75.00."""
    content = entry("75.00", inside=charges("0.50"), details=detail("50.00") + detail("25.50"))

    found = transactions(one(content))

    assert [t.amount for t in found] == [Decimal("50.00"), Decimal("25.50"), Decimal("-0.50")]
    assert [t.detail_count for t in found] == [3, 3, 3]


def test_a_returned_debit_has_original_amount_charges_and_reason(
    one: Build, entry: Build, transactions: Read
):
    """2.4: 53.00 = 50.00 + 3.00, several records of charges, the debtor stays the counterparty."""
    more = (
        instructed("50.00")
        + charges("3.00", "0.00")
        + PARTIES
        + (
            "<RtrInf><Rsn><Cd>AM04</Cd></Rsn><AddtlInf>Deckung</AddtlInf><AddtlInf>fehlt</AddtlInf></RtrInf>"
        )
    )

    (found,) = transactions(
        one(entry("53.00", "DBIT", head=RETURN_CODE, details=detail("53.00", "DBIT", more)))
    )

    assert (found.amount, found.instructed, found.charges) == (
        Decimal("-53.00"),
        Decimal("50.00"),
        Decimal("3.00"),
    )
    assert (found.return_reason, found.return_text) == ("AM04", ("Deckung", "fehlt"))
    assert found.counterparty_name == "Erika"


def test_charges_of_version_02_repeat_the_element_itself(
    one: Build, entry: Build, transactions: Read
):
    """2.1: all are added up; parsers are known to read only the first."""
    costs = "".join(
        f'<Chrgs><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd></Chrgs>'
        for amount in ("2.00", "1.00", "0.00")
    )
    details = f"<TxDtls>{instructed('50.00')}{costs}</TxDtls>"

    (found,) = transactions(one(entry("53.00", "DBIT", details=details), version="02"))

    assert (found.instructed, found.charges) == (Decimal("50.00"), Decimal("3.00"))


@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        ('<Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">3.00</TtlChrgsAndTaxAmt></Chrgs>', Decimal("3.00")),
        ('<Chrgs><Rcrd><Amt Ccy="EUR">3.00</Amt></Rcrd></Chrgs>', Decimal("3.00")),
        (charges("1.00", sign="CRDT"), None),
        (charges("3.00", ccy="USD"), None),
        ("<Chrgs/>", None),
    ],
)
def test_charges_are_net_costs_in_the_entry_s_currency(
    one: Build, entry: Build, transactions: Read, costs: str, expected: Decimal | None
):
    """A net refund is no cost, another currency explains nothing here."""
    (found,) = transactions(one(entry("53.00", "DBIT", details=f"<TxDtls>{costs}</TxDtls>")))

    assert found.charges == expected


def test_charges_of_the_entry_explain_a_single_detail(one: Build, entry: Build, transactions: Read):
    """97.50 arrived of 100.00; what the detail stated is the instructed amount."""
    (found,) = transactions(one(entry("97.50", inside=charges("2.50"), details=detail("100.00"))))

    assert (found.amount, found.charges, found.instructed) == (
        Decimal("97.50"),
        Decimal("2.50"),
        Decimal("100.00"),
    )


@pytest.mark.parametrize("more", ["<RtrInf><Rsn><Prtry>914</Prtry></Rsn></RtrInf>"])
def test_a_reason_makes_a_debit_a_return(one: Build, entry: Build, transactions: Read, more: str):
    """2.4: the reason in RtrInf is the first sign, without any code of the bank."""
    (found,) = transactions(one(entry("5.00", "DBIT", details=f"<TxDtls>{PARTIES}{more}</TxDtls>")))

    assert (found.counterparty_name, found.return_reason) == ("Erika", "914")


@given(cents=st.lists(st.integers(1, 10**9), min_size=2, max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_records_of_a_batch_add_up_to_its_entry(
    one: Build, entry: Build, transactions: Read, cents: list[int]
):
    """Nothing is lost and nothing is invented; one cent more is an error."""
    total = sum(cents)
    details = "".join(detail(f"{c // 100}.{c % 100:02}") for c in cents)

    found = transactions(one(entry(f"{total // 100}.{total % 100:02}", details=details)))

    assert sum(t.amount for t in found) * 100 == total
    with pytest.raises(BadInput):
        transactions(one(entry(f"{total + 1}", details=details)))
