"""What the page can show: a sign no typeface has is replaced there, never refused."""

from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faktura.testing.invoices import changed, sample_invoice
from faktura_en16931.syntax import Syntax
from faktura_en16931.terms import terms_of
from faktura_zugferd.formats import Pdf, Zugferd
from faktura_zugferd.glyphs import printable, printable_text
from faktura_zugferd.hybrid_file import embedded_files, invoice_xml, metadata_of, opened
from faktura_zugferd.page_text import text_of
from faktura_zugferd.pages import Pages
from faktura_zugferd.pdfa import check_pdfa
from faktura_zugferd.samples import sample_statement
from faktura_zugferd.xmp_reading import xmp_of


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Jörg Größe & Søren Łukasz", "Jörg Größe & Søren Łukasz"),
        ("Ωμέγα Жук 100 €", "Ωμέγα Жук 100 €"),
        ("中文 GmbH", "□□ GmbH"),
        ("Party \U0001f389!", "Party □!"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "□□□"),
        ("שלום", "שלום"),
        ("e\u0301", "é"),
        ("中\u0301", "□"),
        ("\u0301x", "x"),
        ("a\u202eb\u2066c\u200ed", "abcd"),
        ("a\tb\x00c\x1fd", "a bcd"),
        ("a\r\nb\u2028c\x85d", "a\nb\nc\nd"),
        ("Wort\u200btrennung\u00ad", "Wort\u200btrennung\u00ad"),
        ("\ue000\udc80", "□"),
        ("1\u202f000\xa0€", "1\u202f000\xa0€"),
    ],
)
def test_a_text_as_the_page_shows_it(text: str, shown: str) -> None:
    """White squares for what is missing, NFC, no controls and no writing directions."""
    assert printable_text(text) == shown


def test_only_values_are_changed_and_only_texts() -> None:
    """Keys are the layout's own words."""
    data = {"中": ["中", 1, None, True, {"a": ("中",)}]}

    assert printable(data) == {"中": ["□", 1, None, True, {"a": ["□"]}]}


def test_every_sign_we_think_the_fallbacks_have_can_be_set(pdf: Pdf) -> None:
    """The data file is proved by the typesetter that is installed: one missing glyph would raise."""
    lines = (files("faktura_zugferd") / "fallback_glyphs.txt").read_text("ascii").splitlines()
    ranges = [part.split("-") for line in lines[2:] for part in line.partition(": ")[2].split()]
    signs = sorted(
        {chr(code) for one in ranges for code in range(int(one[0], 16), int(one[-1], 16) + 1)}
    )
    assert len(signs) > 4_000

    statement = sample_statement()
    entries = [
        statement.entries[0].model_copy(update={"text": " ".join(signs[at : at + 500])})
        for at in range(0, len(signs), 500)
    ]

    assert pdf.write_statement(statement.model_copy(update={"entries": tuple(entries)}))


_SIGNS = st.characters(exclude_categories=()) | st.sampled_from(
    "\u0301\u05b8\u064b\u200d\ufe0f\U0001f468\U0001f1e9中ש٣\u0915\u094d\u0937\u1100\u1161\u0e33"
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(_SIGNS, max_size=60), min_size=1, max_size=20))
def test_no_text_stops_a_page(pages: Pages, texts: list[str]) -> None:
    """Any Unicode, lone surrogates too: the page is set and stays PDF/A-3b."""
    page = pages.pdf("statement", _statement_saying(texts))

    with opened(page) as opened_page:
        assert list(check_pdfa(opened_page, xmp_of(metadata_of(opened_page)))) == []


@pytest.fixture(scope="module")
def pages() -> Pages:
    """The house's typesetter."""
    from faktura_zugferd.look import Look

    return Pages(Look())


def _statement_saying(texts: list[str]) -> dict[str, object]:
    """A statement's page with any texts, past the checks of documents."""
    from faktura_zugferd.letter_data import statement_page
    from faktura_zugferd.look import Look

    statement = sample_statement()
    entries = tuple(statement.entries[0].model_copy(update={"text": text}) for text in texts)
    return statement_page(statement.model_copy(update={"entries": entries}), Look())


def test_the_invoice_keeps_the_text_the_page_cannot_show(zugferd: Zugferd) -> None:
    """Only the page is concerned."""
    content = zugferd.render(changed(sample_invoice(), "buyer.name", "中文 Handels GmbH"))

    with opened(content) as pdf:
        xml = invoice_xml(embedded_files(pdf))
    assert terms_of(xml, Syntax.CII)["BT-44"] == ["中文 Handels GmbH"]
    assert "□□HandelsGmbH" in text_of(content)
