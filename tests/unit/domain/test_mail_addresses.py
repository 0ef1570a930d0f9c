"""E-mail addresses as servers take them, and what is refused before a mail is written."""

import pytest

from faktura.domain.mail_addresses import checked_address, checked_name, domain_of
from faktura.kernel.errors import FieldInvalid


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("mia@werk.example", "mia@werk.example"),
        ("Mia.O'Neil+rechnung@Werk.Example", "Mia.O'Neil+rechnung@werk.example"),
        ("x_y=z@sub.mail-1.example", "x_y=z@sub.mail-1.example"),
        ("post@bücher.example", "post@xn--bcher-kva.example"),
        ("post@xn--bcher-kva.example", "post@xn--bcher-kva.example"),
        ("a@b.xn--p1ai", "a@b.xn--p1ai"),
        ("a@почта.рф", "a@xn--80a1acny.xn--p1ai"),
    ],
)
def test_an_address_is_kept_with_its_domain_in_punycode(text: str, address: str):
    """The part before the @ is the server's own business; a domain is lower case and ASCII."""
    assert checked_address(text, field="sender") == address


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 0),
        ("mia", 3),
        ("@werk.example", 1),
        ("mia@werk", 8),
        ("mia@werk.example\r\nBcc: all@werk.example", 4),
        ("mia\n@werk.example", 4),
        ("mia mia@werk.example", 4),
        ("mia,jo@werk.example", 4),
        ("<mia@werk.example>", 1),
        ("mia@jo@werk.example", 4),
        ('"mia"@werk.example', 1),
        (".mia@werk.example", 1),
        ("mia.@werk.example", 4),
        ("mi..a@werk.example", 3),
        ("mïa@werk.example", 2),
        ("mia@-werk.example", 5),
        ("mia@werk..example", 10),
        ("mia@werk.example.", 18),
        ("mia@127.0.0.1", 13),
        ("mia@werk.e", 10),
        ("mia@we rk.example", 5),
        ("mia@straße.example", 9),
        ("mia@we\u200drk.example", 7),
        ("mia@evil\u3002com.example", 5),
        (f"{'m' * 65}@werk.example", 65),
        (f"mia@{'w' * 64}.example", 5),
        (f"mia@{'.'.join(['w' * 60] * 5)}.example", 254),
        ("mia@werk.example\u202e", 10),
    ],
)
def test_what_is_no_address_is_refused_with_its_column(text: str, column: int):
    """So nobody writes a second header, a second recipient or to somebody else's domain."""
    with pytest.raises(FieldInvalid) as refused:
        checked_address(text, field="sender")

    assert refused.value.place == f"sender, column {column}"
    assert refused.value.mend


def test_a_domain_that_is_read_in_two_ways_is_refused_with_what_to_write():
    """IDNA 2003 reads ß as ss, IDNA 2008 does not: two domains, perhaps of two people."""
    with pytest.raises(FieldInvalid, match="in two ways") as refused:
        checked_address("mia@straße.example", field="to")

    assert "xn--" in refused.value.mend


def test_a_name_is_one_line_of_a_hundred_signs():
    """A line break would begin a header of its own."""
    assert checked_name(" Werk „Süd“ GmbH ", field="name") == "Werk „Süd“ GmbH"
    with pytest.raises(FieldInvalid) as broken:
        checked_name("Werk\r\nBcc: all@werk.example", field="name")
    with pytest.raises(FieldInvalid) as long:
        checked_name("W" * 101, field="name")

    assert (broken.value.place, broken.value.problem) == (
        "name, column 5", "U+000D cannot stand in a name",
    )  # fmt: skip
    assert (long.value.place, long.value.problem) == (
        "name, column 100", "a name has at most 100 characters",
    )  # fmt: skip


def test_the_domain_is_what_stands_behind_the_last_at():
    """Of a checked address there is only one."""
    assert domain_of("mia@werk.example") == "werk.example"
