"""The numbers of documents in the texts of payers: what names one, and what only looks like it."""

from typing import Any

import pytest
from tests.unit.domain.movement_builder import credit, invoice

from faktura.domain.matches import Reading, TextPart
from faktura.domain.number_index import NumberIndex
from faktura.domain.tight_text import joined_remittance, tight

OPEN = ("R-2026-00041", "R-2026-00042", "R-2026-00043")


def index_of(*numbers: str, amount="100.00") -> NumberIndex:
    return NumberIndex.of([invoice(number, amount) for number in numbers or OPEN])


def find(lines, *numbers: str, amount="100.00", **facts: Any):
    said = (lines,) if isinstance(lines, str) else tuple(lines)
    return index_of(*numbers).find(credit(amount, *said, **facts))


def strong(lines, *numbers: str, **facts: Any):
    return [hit.number for hit in find(lines, *numbers, **facts).hits]


def other(lines, *numbers: str, **facts: Any):
    found = find(lines, *numbers, **facts)
    assert found.hits == ()
    return [(hit.number, hit.reading) for hit in found.all]


@pytest.mark.parametrize(
    "text",
    [
        "R-2026-00042",
        "r-2026-00042",
        "R202600042",
        "R 2026 00042",
        "Rechnung:R-2026-00042.",
        "RG/R-2026-00042/KD10001",
        "R-2026-\n00042",
        "Betrag zu R-2026-00042vom 1.11.",
        "R‐2026–00042",
        "Ｒ-２０２６-０００４２",
        "RNrR-2026-00042EUR100,00",
        "fuer RechnunR-2026-00042",
        "RECHNUNR-2026-00042",
        "12.11.R-2026-00042",
    ],
)
def test_a_number_is_found_in_the_spellings_of_payers(text):
    """Case, blanks, dashes, full-width letters, glued and cut words do not hide it."""
    assert strong(text) == ["R-2026-00042"]


@pytest.mark.parametrize(
    "text",
    [
        "R-2026-000421",  # a longer number
        "R-2026-0004",  # a shorter one
        "OR-2026-00042",  # another word
        "ORDER-2026-00042",
        "R-2O26-OOO42",  # letters for digits need other evidence
        "R-2026-0042",
        "Tel. 0361 2026000424711",
        "AN-2026-00042",  # an offer
        "0361/2026-00042",
        "2026-00042-7",
        "2026-00042ab",
        "Kunden-Nr. 202600042",
        "USt-Id DE202600042",
    ],
)
def test_what_only_looks_like_the_number_is_not_strong(text):
    """P39: the boundary decides, and nothing is completed."""
    assert strong(text) == []


def test_numbers_glued_to_each_other_are_both_found():
    """Some banks drop the blanks."""
    assert strong("R-2026-00041R-2026-00042") == ["R-2026-00041", "R-2026-00042"]


def test_a_number_may_have_letters_anywhere():
    """Letters among the digits: such a number counts as a whole only."""
    assert strong("2026-RE-0001", "2026-RE-0001") == ["2026-RE-0001"]
    assert strong("Rechnung 0001", "2026-RE-0001") == []


def test_a_number_at_the_end_of_the_text_may_be_shorter_than_others():
    """R-1001 ends the text; R-2026-00042 is looked for there as well and does not fit."""
    assert strong("Rechnung R-1001", "R-1001", "R-2026-00042") == ["R-1001"]


def test_a_hit_says_where_it_stands_and_how_it_was_read():
    """The evidence: start and end in the raw text of its part."""
    (hit,) = find("Re. R 2026 00042, danke").hits

    assert (hit.start, hit.end, hit.part, hit.reading) == (
        4,
        16,
        TextPart.REMITTANCE,
        Reading.WRITTEN,
    )


@pytest.mark.parametrize("width", [27, 35, 140])
def test_a_line_of_full_width_goes_on_in_the_next(width):
    """Banks cut the text: the number is put together again, and its span counts the line end."""
    head = "R-2026-00".rjust(width, ".")

    (hit,) = find([head, "042 Danke"]).hits

    assert hit.number == "R-2026-00042"
    assert (hit.start, hit.end) == (width - 9, width + 4)
    assert joined_remittance([head, "042 Danke"]) == head + "042 Danke"


def test_other_lines_end_where_they_end():
    """00042 and the date of the next line stay apart; the last line end is no text."""
    assert strong(["R-2026-00042", "20.11.2026"]) == ["R-2026-00042"]
    assert joined_remittance(["R-2026-00042", "20.11.2026"]) == "R-2026-00042\n20.11.2026"


def test_a_number_that_fills_a_full_line_to_its_end_may_be_cut():
    """Digits begin the next line: R-2026-00042, or R-2026-000425 of somebody else? A person decides."""
    assert other(["R-2026-00042".rjust(27, "."), "5 Danke"]) == [
        ("R-2026-00042", Reading.TRUNCATED)
    ]
    assert other(["OR-2026-00042".rjust(27, "."), "5 Danke"]) == []
    assert strong(["R-2026-00042".rjust(27, "."), "Danke"]) == ["R-2026-00042"]


@pytest.mark.parametrize(
    "text",
    ["USt-Id DE202600042", "202600042A", "Nr. 2026 00042", "4202600042", "IBAN DE20 2600 042"],
)
def test_digits_alone_are_only_found_as_written(text):
    """P39: a VAT id is DE and nine digits; digits are never glued over a gap that is not theirs."""
    assert strong(text, "202600042") == (["202600042"] if text == "Nr. 2026 00042" else [])


@pytest.mark.parametrize(
    "text",
    ["Rechnung 2026 00042", "2026/00042 Danke", "Nr2026-00042", "Nr 202600042", "RG-2026-00042"],
)
def test_nine_digits_of_a_number_say_enough_without_its_letters(text):
    """Parted where the number is parted, and behind no other word's letters."""
    (hit,) = find(text).hits

    assert (hit.number, hit.reading) == ("R-2026-00042", Reading.DIGITS)


def test_digits_that_two_numbers_share_are_a_question():
    """R-2026-00042 and G-2026-00042: the letters were left out."""
    assert other("Rechnung 2026-00042", "R-2026-00042", "G-2026-00042") == [
        ("R-2026-00042", Reading.SHORTENED),
        ("G-2026-00042", Reading.SHORTENED),
    ]


def test_nine_digits_of_their_own_are_a_number():
    """As long as a document number with its year."""
    assert strong("Rechnung 202600042", "202600042") == ["202600042"]


@pytest.mark.parametrize(
    "text",
    [
        "Rechnung 12345",
        "Rechnung Nr. 12345",
        "RgNr 12345",
        "Re.-Nr.: 12345",
        "Inv. No. 12345",
        "INVOICE 12345",
        "Nr 12345",
        "Danke, Nr. 12345",
        "4711 Nr. 12345",
        "Rechnung12345",
        "Rechnung 12345vom 1.10.",
        "Rechnungen 11111 und 12345",
        "Rechnungen 11111 vom 01.10., 12345 vom 02.10.",
        "Rechnung 12345 12345",
    ],
)
def test_plain_digits_behind_a_word_for_invoices_are_a_number(text):
    """The context makes 12345 strong, through lists and dates."""
    found = find(text, "12345")

    assert {(hit.number, hit.reading) for hit in found.hits} == {("12345", Reading.KEYWORD)}


@pytest.mark.parametrize(
    "text",
    [
        "Kundennummer 12345",
        "Kd.-Nr. 12345",
        "Tel. 0361 12345",
        "Tel 0361/12345",
        "Bestellung 12345",
        "Ref 12345",
        "Rechnung vom 12345",
        "Konto 12345",
        "Rechnungsdatum 12345",
        "Vertrag Nr 12345",
        "Betrag 12345,67",
        "EUR 12345",
        "12345 EUR",
        "Rechnung 123456",
        "DE12345",
        "Rechnung 12345-1",
        "IBAN DE63 1234 5123 4512 3451 23",
        "MREF+12345 CRED+12345",
        "BIC+12345",
    ],
)
def test_plain_digits_of_something_else_are_nothing_at_all(text):
    """Customers, phones, orders, dates, amounts, accounts: not even for a person."""
    assert other(text, "12345") == []


@pytest.mark.parametrize("text", ["Danke 12345", "Mieter Nr. 12345", "12345", "R-1000 12345 danke"])
def test_plain_digits_without_a_word_may_be_meant(text):
    """Weak: with the amount a person may know it."""
    assert other(text, "12345") == [("12345", Reading.SHORTENED)]


def test_a_list_of_plain_numbers_has_its_word_before_the_first():
    """The second and third are behind “Rechnungen” as well."""
    text = "Rechnungen 3911, 478197 und 8167"

    assert strong(text, "3911", "478197", "8167") == ["3911", "478197", "8167"]


@pytest.mark.parametrize(
    "text",
    [
        "KdNr 70458 | 2029/7179",
        "EUR 1823,54 - 2029/7179",
        "Aktenzeichen 20273818 - vom 23.10.2027 - 2029/7179",
        "Zimmer 27 ; 2029/7179 ; 2111,69 EUR",
    ],
)
def test_what_a_first_number_is_says_nothing_about_the_next(text):
    """Behind a comma, a bar or a dash of its own another thing begins."""
    assert strong(text, "2029/7179") == ["2029/7179"]
    assert strong(text.replace("2029/7179", "70459"), "70459") == []


def test_the_meaning_is_not_looked_for_without_end():
    """A text of nothing but numbers says nothing about the last."""
    text = "Rechnung " + "77 und " * 30 + "12345"

    assert strong(text, "12345") == []


def test_a_word_before_a_number_with_letters_is_not_for_those_behind_it():
    """A list starts anew behind RE-000017: 12345 may be anything."""
    assert strong("Rechnung RE-000017 12345", "RE-000017", "12345") == ["RE-000017"]


@pytest.mark.parametrize(
    ("text", "number", "is_strong"),
    [
        ("Rechnung 20261101", "20261101", True),
        ("20261101", "20261101", False),
        ("Spende vom 2026-11-01 20261101", "20261101", False),
        ("01112026 Danke", "01112026", False),
        ("Danke 20261143", "20261143", False),
        ("Rechnung 20261143 vom 28.09.", "20261143", True),
    ],
)
def test_eight_digits_are_a_number_only_behind_a_word(text, number, is_strong):
    """They may be a day: 20261101."""
    assert (strong(text, number) == [number]) is is_strong


@pytest.mark.parametrize("text", ["20261101", "am 01112026", "29022024"])
def test_a_day_is_no_number_even_for_a_person(text):
    """P39: dates are no numbers."""
    assert find(text, "20261101", "01112026", "29022024").all == ()


@pytest.mark.parametrize("text", ["Danke 20261301", "am 30022026", "99887766"])
def test_eight_digits_that_are_no_day_may_be_meant(text):
    """The thirteenth month, the thirtieth of February."""
    assert len(find(text, "20261301", "30022026", "99887766").weak) == 1


def test_digits_with_their_separator_are_found_as_written():
    """2026-4711 with its hyphen is no date; 20264711 and 2026/4711 need a word."""
    assert strong("2026-4711 Danke", "2026-4711") == ["2026-4711"]
    assert strong("20264711", "2026-4711") == []
    assert strong("Rechnung 20264711", "2026-4711") == ["2026-4711"]
    assert strong("Rechnung 2026/4711", "2026-4711") == ["2026-4711"]
    assert strong("Rechnung 2026  4711", "2026-4711") == []
    assert strong("Telefon 2026-4711", "2026-4711") == []
    assert strong("Rechnung 2026-00042", "2026-00042") == ["2026-00042"]
    assert strong("Rechnung 12-34", "12-34") == ["12-34"]
    assert strong("12-34", "12-34") == []


def test_digits_of_one_spelling_are_told_apart_as_written():
    """2026-4711 and 20264711 differ by the hyphen."""
    assert strong("Rechnung 2026-4711", "2026-4711", "20264711") == ["2026-4711"]


def test_prefix_twins_are_told_apart_by_their_ends():
    """12281 and 122820: the longest stands there or none."""
    assert strong("Rechnung Nr. 12281", "12281", "122810") == ["12281"]
    assert strong("Rechnung Nr. 122810", "12281", "122810") == ["122810"]


@pytest.mark.parametrize(
    ("text", "hits"),
    [("Rechnung A-1", ["A-1"]), ("Rechnung a1", ["A-1"]), ("Haus A 1", []), ("A-1b", [])],
)
def test_a_very_short_number_must_stand_as_written(text, hits):
    """Fewer than four digits: what lies apart in the text is not put together."""
    assert strong(text, "A-1") == hits


def test_a_text_that_can_be_read_as_two_numbers_names_both():
    """“R-1000 5 Stück”: R-1000 or R-10005? A person decides."""
    assert strong("R-1000 5 Stück", "R-1000", "R-10005") == ["R-10005", "R-1000"]
    assert strong("R-10005", "R-1000", "R-10005") == ["R-10005"]


def test_two_numbers_of_one_spelling_are_told_apart_as_written_with_letters():
    """R-1.1001 and R-11001 differ by a point: without it both are named."""
    numbers = ("R-1.1001", "R-11001")

    assert strong("R-1.1001", *numbers) == ["R-1.1001"]
    assert strong("r-11001", *numbers) == ["R-11001"]
    assert strong("R 11001", *numbers) == ["R-1.1001", "R-11001"]


def test_a_number_is_made_known_once():
    """The index is fed again when a document is issued; a number alone is known as written."""
    assert strong("R-2026-00042", "R-2026-00042", "R-2026-00042") == ["R-2026-00042"]
    assert strong("Rechnung 12345", "12345", "12345") == ["12345"]

    index = NumberIndex.of(["R-2026-00041", "R-2026-00041", "20261143", "20261143"])
    said = index.find(credit("1.00", "R-2026-00041, Rg 20261143, Rg 2026 00041"))
    assert [hit.number for hit in said.all] == ["R-2026-00041", "20261143"]
    assert [hit.number for hit in index.find_whole("r 2026 00041")] == ["R-2026-00041"]


def test_a_number_that_is_learned_later_is_found_by_its_beginning_too():
    """The order of numbers is kept when one comes in between."""
    index = index_of("RE-2026-000400", "RE-2026-000600")
    assert index.find(credit("100.00", "zu RE-2026-0004")).weak[0].number == "RE-2026-000400"

    index.add(invoice("RE-2026-000410", "100.00"))

    found = index.find(credit("100.00", "zu RE-2026-0004"))
    assert [hit.number for hit in found.weak] == ["RE-2026-000400", "RE-2026-000410"]


def test_umlauts_are_written_out():
    """Müller and MUELLER are one word, and half an umlaut starts no number."""
    assert tight("Müller & Söhne, Große Straße") == "MUELLERSOEHNEGROSSESTRASSE"
    assert strong("Gebü2026-00042", "E-2026-00042") == []


def test_sharp_s_before_a_date_does_not_move_what_is_a_date():
    """ß is two letters in upper case: 12345 is still the amount, and 11111 still the number."""
    found = find("Straße ß Betrag 12345,67 Rechnung 11111", "12345", "11111")

    assert [hit.number for hit in found.all] == ["11111"]


def test_fields_of_a_sepa_text_are_read_apart():
    """SVWZ+ is the payer's text; EREF+ an id, in which nothing is glued; MREF+ never names a document."""
    lines = ["EREF+NOTPROVIDED SVWZ+R-20", "26-00042 vom 10.11. ABWA+Uhlig"]
    lines[0] = lines[0].rjust(27)

    assert strong(lines) == ["R-2026-00042"]
    assert strong("EREF+9R-2026-00042 KREF+R-2026-00043 MREF+R-2026-00041") == ["R-2026-00043"]


def test_account_numbers_hide_what_stands_in_them():
    """DE89 3704 ... is an IBAN however it is grouped; RF and two digits is a reference."""
    assert find("GB82 WEST 1234 5698 7654 32", "5698", "1234").all == ()
    assert find("GB82WEST12345698765432 R-2026-00042").hits != ()
    # Its check digits are wrong: these are words like others.
    assert other("GB83 WEST 1234 5698 7654 32", "5698") == [("5698", Reading.SHORTENED)]
    assert other("AT12 1234 5698", "5698") == [("5698", Reading.SHORTENED)]


def test_a_creditor_reference_with_true_check_digits_names_the_number():
    """ISO 11649: RF92 before RE2026000266, in the text or the field for it; zeros at its head go."""
    for lines, facts in (
        (["RF92RE2026000266"], {}),
        (["Ref. RF92 RE20 2600 0266"], {}),
        ([], {"structured_reference": "RF92RE2026000266"}),
        ([], {"structured_reference": "RF92 0000 RE20 2600 0266"}),
    ):
        (hit,) = find(lines, "RE-2026-000266", **facts).hits
        assert (hit.number, hit.reading) == ("RE-2026-000266", Reading.REFERENCE)


@pytest.mark.parametrize("text", ["RF93RE2026000266", "RF93 RE2026000266"])
def test_a_creditor_reference_with_false_check_digits_is_for_a_person(text):
    """Somebody mistyped: perhaps the number itself."""
    assert other([], "RE-2026-000266", structured_reference=text) == [
        ("RE-2026-000266", Reading.SHORTENED)
    ]


@pytest.mark.parametrize(
    ("reference", "number"),
    [
        ("RF1820261143", "20261143"),  # digits alone
        ("RF15266", "000266"),  # its own zeros left out
        ("RF71RE2026266", "RE-2026-000266"),  # the counter's
    ],
)
def test_a_creditor_reference_may_leave_zeros_out(reference, number):
    """The check digits stand for the rest; each was worked out by hand: 98 - (body RF00 mod 97)."""
    digits = "".join(str(int(sign, 36)) for sign in reference[4:] + "RF00")
    true = f"RF{98 - int(digits) % 97:02d}{reference[4:]}"

    (hit,) = find([], number, structured_reference=true).hits

    assert (hit.number, hit.reading) == (number, Reading.REFERENCE)


def test_a_creditor_reference_of_another_number_is_nobodys():
    """True check digits, and a number that is not known; or hidden in a field of the mandate's."""
    found = find("RF92RE2026000266", "RE-2026-000300")
    assert (found.all, found.unknown) == ((), ("RE2026000266",))
    assert find("MREF+RF92RE2026000266", "RE-2026-000266").all == ()
    assert find("RF71RE20263000", "RE-2026-0003000", "RE-2026-00003000").hits == ()


def test_a_word_that_ends_in_rf_is_no_reference():
    """“Dorf 12”: the letters before touch."""
    assert strong("DORF92RE2026000266", "RE-2026-000266") == ["RE-2026-000266"]
    assert find("DORF92RE2026000266", "RE-2026-000266").hits[0].reading is Reading.WRITTEN


def test_an_end_to_end_id_may_be_the_number():
    """As a whole, or as a word of its own in it; the machine's digits are none."""
    assert strong([], end_to_end_id="R-2026-00042") == ["R-2026-00042"]
    assert strong([], end_to_end_id="E2E-R-2026-00042") == ["R-2026-00042"]
    assert strong([], end_to_end_id="9R-2026-00042") == []
    assert strong([], "2026/4416", end_to_end_id="2026/4416") == ["2026/4416"]
    assert strong([], "978826", end_to_end_id="978826") == ["978826"]
    assert strong([], "20261101", end_to_end_id="20261101") == []
    assert strong([], "9788", end_to_end_id="9788") == []
    assert other([], end_to_end_id="202600042") == [("R-2026-00042", Reading.SHORTENED)]
    assert strong([], structured_reference="202600042") == ["R-2026-00042"]
    assert find([], end_to_end_id="R-2026-00042").hits[0].part is TextPart.END_TO_END


def test_zeros_that_were_left_out_name_the_number():
    """Letters, year and counter stand there: RE-2026-347 is RE-2026-000347 and nothing else."""
    found = find("RE-2026-347", "RE-2026-000347")

    assert [(hit.number, hit.reading) for hit in found.named] == [
        ("RE-2026-000347", Reading.SHORTENED)
    ]
    assert found.unknown == ()


def test_zeros_left_out_or_digits_cut_off_is_a_question():
    """RE-2026-347001 begins with it: neither is certain."""
    found = find("RE-2026-347", "RE-2026-000347", "RE-2026-347001")

    assert {hit.number for hit in found.weak} == {"RE-2026-000347", "RE-2026-347001"}
    assert (found.named, found.unknown) == ((), ("RE-2026-347",))


def test_a_number_that_was_cut_may_be_those_that_are_open_with_the_amount():
    """RE-2026-0004...: of a hundred numbers the amount leaves one."""
    index = NumberIndex.of(
        [invoice("RE-2026-000476", "99.00"), invoice("RE-2026-000480", "100.00")]
    )

    found = index.find(credit("100.00", "Zahlung zu RE-2026-0004"))

    assert [(hit.number, hit.reading) for hit in found.weak] == [
        ("RE-2026-000480", Reading.TRUNCATED)
    ]
    assert found.unknown == ("RE-2026-0004",)


def test_a_number_of_our_shape_that_nobody_has_is_told():
    """A slip of the payer's hand; a letter before any digits is none."""
    assert find("Rechnung RE-2026-002085", "RE-2026-000285").unknown == ("RE-2026-002085",)
    assert find("Haus A 12345", "A-2026").unknown == ()
    assert find("A-12345", "A-2026").unknown == ("A-12345",)
    assert find("A-12", "A-2026").unknown == ()
    assert find("RE 978826", "RE-000001", "978826").unknown == ()
    assert find("RE-2026 und OR-2026-1", "RE-2026-000285", "R-2026-1").unknown == ()


@pytest.mark.parametrize("text", ["/288/192", "+288 + 192", " und 288 & 192", " u. 288 u. 192"])
def test_a_list_may_shorten_its_later_numbers(text):
    """RE-2026-000334/288/192 are three."""
    numbers = ("RE-2026-000334", "RE-2026-000288", "RE-2026-000192")

    found = find(f"RE-2026-000334{text}", *numbers)

    assert [hit.number for hit in found.hits] == ["RE-2026-000334"]
    assert [hit.number for hit in found.named] == ["RE-2026-000288", "RE-2026-000192"]


def test_behind_commas_there_may_be_anything():
    """RE-2026-000334, 288: perhaps 288 pieces."""
    found = find("RE-2026-000334, 288", "RE-2026-000334", "RE-2026-000288")

    assert [hit.number for hit in found.listed] == ["RE-2026-000288"]
    assert [hit.reading.is_strong for hit in found.all] == [True, False]


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("RE-2026-000334/777", ("777",)),
        ("RE-2026-000334/2", ()),
        ("RE-2026-000334/2026", ()),
        ("RE-2026-000334/10085", ()),
        ("RE-2026-000334, 777", ()),
        ("RE-2026-000334, 288 EUR", ()),
        ("R-1.1A/777", ()),
    ],
)
def test_a_tail_that_completes_no_number_ends_the_list(text, unknown):
    """Three digits behind a slash are a number that nobody has; one is “part 2”."""
    found = find(text, "RE-2026-000334", "RE-2026-000288", "R-1.1A")

    assert (found.named, found.listed, found.unknown) == ((), (), unknown)


@pytest.mark.parametrize(
    "text", ["RE-2O26-OOO339", "RE-2026-OOO339", "re-2026-ooo339", "RE-2O26-OOO33g RE2O26OOO339"]
)
def test_letters_for_digits_are_read_but_are_no_evidence(text):
    """O for 0: P39 has it as a suggestion."""
    found = find(text, "RE-2026-000339")

    assert [(hit.number, hit.reading) for hit in found.named] == [
        ("RE-2026-000339", Reading.CONFUSED)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "OR-2O26-OOO339",  # another word
        "RE-2O26-OOO3391",  # a longer number
        "PE-2O26-OOO339",
        "RE-OOOO-OOOB39 1B",  # hardly a digit
        "R3-2O26-OOO339",
    ],
)
def test_letters_for_digits_keep_the_boundaries(text):
    """What is no number with digits is none with letters."""
    assert find(text, "RE-2026-000339", "RE-0000-000839").named == ()


def test_plain_digits_with_letters_in_them_must_be_many():
    """2O26/4416 is a number with a slip, 9B8 is a word."""
    assert [hit.number for hit in find("2O26/4416", "2026/4416").named] == ["2026/4416"]
    assert find("97BB", "9788").all == ()


def test_a_counter_without_its_year_may_be_several_numbers():
    """“Rechnung 4643” of 2025 and 2026; a doubt, because a word says it is a document."""
    found = find("Rechnung 4643", "2025/4643", "2026/4643")

    assert [hit.number for hit in found.weak] == ["2025/4643", "2026/4643"]
    assert found.doubts == (frozenset({"2025/4643", "2026/4643"}),)


@pytest.mark.parametrize(
    ("text", "is_likely"),
    [
        ("Danke 4643", True),
        ("Bestellung 4643", False),
        ("2026 Danke", False),
        ("Rechnung 2026", True),
        ("2024/4643", False),
        ("Rechnung 46", False),
    ],
)
def test_a_counter_alone_is_weak_unless_it_is_something_else(text, is_likely):
    """A year, an order, a part of another number."""
    found = find(text, "2025/4643", "AR25-02026", "2025/0046")

    assert bool(found.weak) is is_likely
    assert (found.hits, found.named) == ((), ())


def test_weak_hits_are_bounded_and_those_with_the_amount_come_first():
    """So many states are read, however much a text may mean."""
    index = NumberIndex.of(
        [
            *(invoice(f"A{year}-2026-04643", "1.00") for year in range(10, 60)),
            invoice("B-2026-04643", "100.00"),
        ]
    )

    found = index.find(credit("100.00", "Danke 4643"))

    assert len(found.weak) == 24
    assert found.weak[0].number == "B-2026-04643"


def test_all_numbers_are_those_whose_state_is_needed():
    """Strong, named, listed and weak."""
    numbers = ("RE-2026-000334", "RE-2026-000288", "RE-2026-000192", "12345")

    found = find("RE-2026-000334/288, 192 Danke 12345", *numbers)

    assert found.numbers == frozenset(numbers)
    assert len(found.all) == 4


def test_a_movement_without_any_text_names_nothing():
    """No lines, no reference, no id; and empty ones."""
    assert find([]).all == ()
    assert find(["", ""]).all == ()
