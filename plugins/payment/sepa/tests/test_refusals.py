"""What the DK's rules forbid is refused by name, with what to do (banking.md 3.2 to 3.4)."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from faktura.kernel.errors import RenderRefused
from faktura.plugin import DebitFile, DebitItem, DebtorAddress, WrittenFile
from faktura_sepa.adapter import SepaAdapter

Adapter = Callable[..., SepaAdapter]
File = Callable[..., DebitFile]
Item = Callable[..., DebitItem]
Write = Callable[..., WrittenFile]

SWISS = "CH9300762011623852957"

SIGNS = " has characters that SEPA does not allow. Use A-Z a-z 0-9 + ? / - : ( ) . , '"
SLASHES = " begins or ends with a slash or has two in a row. Write it without"
COMPARE = ". Compare it with the bank's own writing"
ADDRESS = (
    "a bank outside the European Economic Area needs the account holder's town and country. "
    "Complete the address"
)
LETTER = ". Compare it with the letter of the national bank"
BIC = " is not a BIC of 8 or 11 capital letters and digits. Correct it or leave it out"


def test_a_right_debit_has_no_problem(adapter: Adapter, item: Item):
    """The builder's debit is what the others differ from."""
    assert adapter().problems_of(item()) == ()


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"reference": "M_2026"}, f"the mandate reference “M_2026”{SIGNS}"),
        ({"reference": "Müller-1"}, f"the mandate reference “Müller-1”{SIGNS}"),
        ({"reference": "٣"}, f"the mandate reference “٣”{SIGNS}"),
        ({"reference": ""}, "the mandate reference is missing. Give it 1 to 35 characters"),
        (
            {"reference": "M" * 36},
            f"the mandate reference “{'M' * 36}” has 36 characters. Use at most 35",
        ),
        (
            {"reference": " M-1"},
            "the mandate reference “M-1” begins or ends with a blank. Remove it",
        ),
        ({"reference": "/M-1"}, f"the mandate reference “/M-1”{SLASHES}"),
        ({"reference": "M//1"}, f"the mandate reference “M//1”{SLASHES}"),
        ({"former_reference": "ALT*"}, f"the former mandate reference “ALT*”{SIGNS}"),
        (
            {"former_creditor_id": "DE97ZZZ09999999999"},
            f"the former creditor identifier “DE97ZZZ09999999999” has wrong check digits{LETTER}",
        ),
        (
            {"end_to_end": "E" * 36},
            f"the end-to-end id “{'E' * 36}” has 36 characters. Use at most 35",
        ),
        (
            {"amount": "0.00"},
            "0.00 EUR cannot be debited. SEPA takes 0.01 to 999999999.99 EUR in one debit",
        ),
        (
            {"amount": "-1.00"},
            "-1.00 EUR cannot be debited. SEPA takes 0.01 to 999999999.99 EUR in one debit",
        ),
        (
            {"amount": "1000000000.00"},
            "1000000000.00 EUR cannot be debited. SEPA takes 0.01 to 999999999.99 EUR in one debit",
        ),
        ({"amount": "1.005"}, "1.005 is no whole amount of EUR. EUR has 2 decimals"),
        (
            {"iban": "DE89370400440532013001"},
            f"the account “DE89370400440532013001” has wrong check digits{COMPARE}",
        ),
        (
            {"iban": "DE8937040044053201300"},
            f"the account “DE8937040044053201300” has 21 characters instead of 22{COMPARE}",
        ),
        (
            {"iban": "DE89 3704 0044 0532 0130 00"},
            f"the account “DE89 3704 0044 0532 0130 00” is not an IBAN in capital letters without blanks{COMPARE}",
        ),
        (
            {"iban": "SA0380000000608010167519"},
            f"the account “SA0380000000608010167519” is of SA, where banks do not take part in SEPA{COMPARE}",
        ),
        ({"bic": "COBADEFFXX"}, f"the BIC “COBADEFFXX”{BIC}"),
        ({"debtor_name": " "}, "the account holder's name is missing. Enter it"),
        (
            {"debtor_name": "Иван"},
            "the account holder's name “Иван” has “Иван”. Write it in Latin letters",
        ),
        (
            {"debtor_name": "ü" * 36},
            f"the account holder's name “{'ü' * 36}” has 72 characters. Use at most 70",
        ),
        ({"remittance": ""}, "the remittance text is missing. Enter it"),
        (
            {"remittance": "Rechnung @1"},
            "the remittance text “Rechnung @1” has “@”. Write it in Latin letters",
        ),
        (
            {"remittance": "x" * 141},
            f"the remittance text “{'x' * 59}…” has 141 characters. Use at most 140",
        ),
        (
            {"signed_on": date(2026, 12, 1)},
            "the mandate M-2026-0001 is signed on 2026-12-01, after the debit of 2026-11-30. Correct the date of signature",
        ),
        ({"iban": SWISS}, ADDRESS),
        ({"iban": SWISS, "address": DebtorAddress(street="Bahnhofstr. 1", country="CH")}, ADDRESS),
        ({"iban": SWISS, "address": DebtorAddress(town="Zürich")}, ADDRESS),
        (
            {"iban": SWISS, "address": DebtorAddress(town="Z" * 36, country="CH")},
            f"the town “{'Z' * 36}” has 36 characters. Use at most 35",
        ),
        (
            {"iban": SWISS, "address": DebtorAddress(street="#1", town="Bern", country="CH")},
            "the street “#1” has “#”. Write it in Latin letters",
        ),
        (
            {
                "iban": SWISS,
                "address": DebtorAddress(post_code="8" * 17, town="Bern", country="CH"),
            },
            f"the post code “{'8' * 17}” has 17 characters. Use at most 16",
        ),
        (
            {"iban": SWISS, "address": DebtorAddress(town="Bern", country="ch")},
            "“ch” is not a country. Use two letters of ISO 3166",
        ),
    ],
)
def test_a_debit_the_bank_would_refuse_is_named(
    adapter: Adapter, item: Item, more: dict[str, object], problem: str
):
    """Found before the file, in words a person can act on."""
    assert adapter().problems_of(item(**more)) == (problem,)


def test_a_debit_with_several_problems_names_all(adapter: Adapter, item: Item):
    """One journey of mending, not one a night."""
    problems = adapter().problems_of(item(amount="0", reference="", debtor_name="张"))

    assert [problem.split(".")[0] for problem in problems] == [
        "0 EUR cannot be debited",
        "the mandate reference is missing",
        "the account holder's name “张” has “张”",
    ]


def test_a_creditor_outside_the_eea_needs_every_debtors_address(adapter: Adapter, item: Item):
    """AT-P005: either bank's country counts."""
    abroad = adapter(iban=SWISS)
    address = DebtorAddress(town="Köln", country="DE")

    assert len(abroad.problems_of(item())) == 1
    assert abroad.problems_of(item(address=address)) == ()


def test_b2b_needs_the_banks_agreement_and_the_debtors_confirmation(adapter: Adapter, item: Item):
    """B2B has no right of refund: the debtor's bank pays only mandates that it knows."""
    unknown = item(scheme="B2B")
    confirmed = item(scheme="B2B", confirmed_on=date(2026, 2, 1))

    assert adapter(takes_b2b=True).problems_of(confirmed) == ()
    assert adapter(takes_b2b=True).problems_of(unknown) == (
        "the B2B mandate M-2026-0001 is not confirmed at the customer's bank. Ask the customer to confirm it there and enter the day",
    )
    assert adapter().problems_of(confirmed) == (
        "the mandate M-2026-0001 is for B2B debits, which the bank account does not collect. Agree on it with the bank and set takes_b2b, or have a CORE mandate signed",
    )


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (
            {"message_id": "M" * 32},
            f"the message id “{'M' * 32}” has 32 characters. Use at most 31",
        ),
        ({"message_id": "FAK_7"}, f"the message id “FAK_7”{SIGNS}"),
        (
            {"created_at": datetime(2026, 11, 22, 8, 30)},  # noqa: DTZ001 - that is what is refused
            "the moment 2026-11-22 08:30:00 of the file has no time zone. Give it in UTC",
        ),
        ({"creditor_name": ""}, "the creditor's name is missing. Enter it"),
        (
            {"creditor_name": "M" * 71},
            f"the creditor's name “{'M' * 59}…” has 71 characters. Use at most 70",
        ),
        (
            {"creditor_id": "DE97ZZZ09999999999"},
            f"the creditor identifier “DE97ZZZ09999999999” has wrong check digits{LETTER}",
        ),
        (
            {"creditor_id": "DE98ZZZ0999999999"},
            f"the creditor identifier “DE98ZZZ0999999999” has 17 characters instead of 18{LETTER}",
        ),
        (
            {"creditor_id": ""},
            f"the creditor identifier “” is not a creditor identifier such as DE98ZZZ09999999999{LETTER}",
        ),
        (
            {"iban": "DE02120300000000202052"},
            f"the creditor's account “DE02120300000000202052” has wrong check digits{COMPARE}",
        ),
        ({"bic": "bylademm"}, f"the BIC “bylademm”{BIC}"),
    ],
)
def test_a_file_the_bank_would_refuse_is_not_written(
    write: Write, item: Item, more: dict[str, object], problem: str
):
    """The error says where and what to do."""
    with pytest.raises(RenderRefused) as refused:
        write(item(), **more)

    (part,) = refused.value.parts
    assert part.problem == problem
    assert refused.value.mend == ""


def test_a_business_code_of_the_creditors_own_is_accepted(write: Write, item: Item):
    """Positions 5 to 7 are outside the check digits; other countries have other lengths."""
    assert write(item(), creditor_id="DE98ABC09999999999").content
    # National identifier 11111111111, by EPC262-08.
    assert write(item(), creditor_id="AT61ZZZ01234567890").content


def test_core_and_b2b_are_not_mixed_in_a_file(adapter: Adapter, file: File, item: Item):
    """The DK's usage rule of LclInstrm: one scheme a message."""
    b2b = item(end_to_end="E2E-2", scheme="B2B", confirmed_on=date(2026, 2, 1))

    with pytest.raises(RenderRefused, match="CORE and B2B debits cannot be in one file"):
        adapter(takes_b2b=True).write(file(item(), b2b))


def test_a_file_is_neither_empty_nor_larger_than_the_bank_takes(
    adapter: Adapter, file: File, item: Item
):
    """Some portals take 200; the limit is a setting, 800 at most (F101)."""
    items = [item(end_to_end=f"E2E-{n}") for n in range(3)]

    with pytest.raises(RenderRefused, match="has no debits"):
        adapter().write(file())
    with pytest.raises(RenderRefused, match=r"has 3 debits\. Split them: 2 are the limit"):
        adapter(most_items=2).write(file(*items))
    assert adapter(most_items=3).write(file(*items)).content


def test_a_debit_stands_in_a_file_once(write: Write, item: Item):
    """The bank would collect it twice."""
    with pytest.raises(RenderRefused, match="the debit E2E-1 is in the file 2 times"):
        write(item(end_to_end="E2E-1"), item(end_to_end="E2E-1", amount="1.00"))


def test_every_wrong_debit_of_a_file_is_named_at_once(write: Write, item: Item):
    """Nothing is written, and nothing is left out in silence."""
    with pytest.raises(RenderRefused) as refused:
        write(
            item(end_to_end="E2E-1", amount="0"),
            item(end_to_end="E2E-2"),
            item(end_to_end="E2E-3", debtor_name=""),
        )

    assert [(part.place, part.problem) for part in refused.value.parts] == [
        (
            "debit E2E-1",
            "0 EUR cannot be debited. SEPA takes 0.01 to 999999999.99 EUR in one debit",
        ),
        ("debit E2E-3", "the account holder's name is missing. Enter it"),
    ]
    assert refused.value.mend == "Leave out or mend what is wrong in 2 places"
