"""Amounts: the true one or an error, never another one (2.7)."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from faktura.kernel.errors import (
    AmountUnreadable,
    BadInput,
    FieldMissing,
    FileUnreadable,
    HostileFile,
    UnknownTerm,
)
from faktura.plugin import BankTransaction

Build = Callable[..., str]
Read = Callable[..., list[BankTransaction]]


@pytest.fixture(params=["052", "053", "054"])
def one(request: pytest.FixtureRequest, document: Build, statement: Build) -> Build:
    """Build a document with one statement of these entries: each of the three messages."""
    return lambda *entries, **options: document(
        statement(*entries), message=request.param, **options
    )


@pytest.mark.parametrize(
    "written",
    [
        "<![CDATA[119]]>.00",
        "\n  119.00\n",
        "&#49;19.00",
    ],
)
def test_what_xml_allows_between_digits_does_not_change_the_amount(
    one: Build, entry: Build, transactions: Read, written: str
):
    """However its digits are written, the value is the same."""
    (found,) = transactions(one(entry(written)))

    assert found.amount == Decimal("119.00")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "NaN",
        "INF",
        "1e3",
        "119,00",
        "1.190,00",
        "-119.00",
        "+119.00",
        "119.",
        ".50",
        "1 19.00",
        "0x77",
        "١١٩.00",
        "１１９.00",
        "119.000001",
        "12345678901234",
        "hundert",
    ],
)
def test_what_is_no_amount_is_refused(one: Build, entry: Build, transactions: Read, written: str):
    """13 digits and 5 decimals, ASCII, unsigned: all else may be any amount."""
    with pytest.raises(AmountUnreadable, match=r"s.xml, statement 1, entry 1, line 1, Amt"):
        transactions(one(entry(written)))


def test_an_amount_with_elements_inside_is_refused(one: Build, entry: Build, transactions: Read):
    """Its text would be read in part."""
    with pytest.raises(FileUnreadable, match="Amt"):
        transactions(one(entry("1<x/>19.00")))


@pytest.mark.parametrize(
    ("written", "expected"), [("0.00", "0.00"), ("0", "0"), ("1.23456", "1.23456"), ("7.5", "7.5")]
)
def test_the_decimals_of_the_source_are_kept(
    one: Build, entry: Build, transactions: Read, written: str, expected: str
):
    """Appendix A: amount 0 and five decimals are legal."""
    (found,) = transactions(one(entry(written)))

    assert str(found.amount) == expected


@pytest.mark.parametrize("currency", ["", "eur", "EURO", "€", "E R", "ÄÖÜ"])
def test_the_currency_is_three_capital_letters(
    one: Build, entry: Build, transactions: Read, currency: str
):
    """Nobody books in a currency that was guessed."""
    content = one(entry()).replace('Ccy="EUR"', f'Ccy="{currency}"')

    with pytest.raises(AmountUnreadable, match="Ccy"):
        transactions(content)


def test_an_amount_without_currency_is_refused(one: Build, entry: Build, transactions: Read):
    """The account's currency is not taken instead."""
    with pytest.raises(AmountUnreadable, match="Ccy"):
        transactions(one(entry()).replace(' Ccy="EUR"', ""))


@pytest.mark.parametrize("sign", ["crdt", "CREDIT", "DBT", " CRDT", "CRDT ", "C"])
def test_the_sign_is_exact(one: Build, entry: Build, transactions: Read, sign: str):
    """Two words exist; the wrong one would turn money round."""
    with pytest.raises(UnknownTerm, match="CdtDbtInd"):
        transactions(one(entry(sign=sign)))


def test_a_detail_s_sign_is_exact_too(one: Build, entry: Build, transactions: Read):
    """It decides in a net booking."""
    with pytest.raises(UnknownTerm, match="CdtDbtInd"):
        transactions(one(entry(details="<TxDtls><CdtDbtInd>X</CdtDbtInd></TxDtls>")))


@pytest.mark.parametrize("gone", ['<Amt Ccy="EUR">119.00</Amt>', "<CdtDbtInd>CRDT</CdtDbtInd>"])
def test_amount_and_sign_are_mandatory(one: Build, entry: Build, transactions: Read, gone: str):
    """A parser is known to take a missing sign for a credit."""
    with pytest.raises(FieldMissing, match="entry 1"):
        transactions(one(entry()).replace(gone, ""))


@pytest.mark.parametrize(
    "twice",
    ['<Amt Ccy="EUR">119.00</Amt>', "<CdtDbtInd>CRDT</CdtDbtInd>", "<Sts><Cd>BOOK</Cd></Sts>"],
)
def test_a_second_value_is_refused_even_if_it_is_the_same(
    one: Build, entry: Build, transactions: Read, twice: str
):
    """Of two amounts nobody knows which one is meant."""
    with pytest.raises(FileUnreadable, match="stands twice"):
        transactions(one(entry()).replace(twice, twice * 2))


def test_amounts_of_another_namespace_are_not_read(one: Build, entry: Build, transactions: Read):
    """An extension of the bank may use the same names for other things."""
    foreign = '<x:Amt xmlns:x="urn:other" Ccy="EUR">1.00</x:Amt>'

    (found,) = transactions(one(entry(inside=foreign * 2)))

    assert found.amount == Decimal("119.00")


def test_a_rate_that_is_none_is_refused(one: Build, entry: Build, transactions: Read):
    """Rates are as strict as amounts."""
    rate = (
        '<TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">119.00</Amt><CcyXchg><XchgRate>1,08</XchgRate>'
        "</CcyXchg></TxAmt></AmtDtls></TxDtls>"
    )

    with pytest.raises(AmountUnreadable, match="XchgRate"):
        transactions(one(entry(details=rate)))


@pytest.mark.parametrize("number", range(1, 40, 6))
def test_a_cut_off_file_never_ends_quietly(
    one: Build, entry: Build, transactions: Read, number: int
):
    """Whatever is missing at the end, the reader hears of it."""
    content = one(entry(), entry())

    with pytest.raises(BadInput, match=r"s\.xml"):
        transactions(content[: len(content) * number // 40])


@pytest.mark.parametrize(
    "written", ["1<!-- -->19.00", "<!-- 5 -->119.00", "119.00<!-- 7 -->", "1<?pi 2?>19.00"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_comment_inside_an_amount_is_refused(
    one: Build, entry: Build, transactions: Read, written: str, encoding: str
):
    """Parsers are known to read 1.00 out of a comment-split 119.00: no bank writes that."""
    content = f"<?xml version='1.0' encoding='{encoding}'?>\n{one(entry(written))}"

    with pytest.raises(HostileFile) as caught:
        transactions(content.encode(encoding))

    assert "line 2" in caught.value.place


def test_a_comment_between_elements_is_harmless(one: Build, entry: Build, transactions: Read):
    """Programs sign their work with one."""
    content = one(entry("119.00")).replace("<Ntry>", "<!-- by X --><Ntry> <?y z?> ", 1)

    (found,) = transactions(f"<!-- made by a program -->{content}<!-- end -->")

    assert found.amount == Decimal("119.00")


def test_a_mark_that_lies_across_two_reads_is_seen(one: Build, entry: Build, transactions: Read):
    """Files are read in pieces of 32 KiB."""
    content = one(entry("1<!-- -->19.00"))
    mark = content.index("<!--")

    for ends in range(1, 4):
        filled = content.replace("<MsgId>", " " * (32 * 1024 - mark - ends) + "<MsgId>", 1)
        with pytest.raises(HostileFile):
            transactions(filled)
