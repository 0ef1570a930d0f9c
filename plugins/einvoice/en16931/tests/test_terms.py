"""The mapping table: every term of a full document is found at its path in both syntaxes."""

import pytest

from faktura.plugin import InvoiceDocument
from faktura_en16931.cii import write_cii, write_cii_tree
from faktura_en16931.profile import Profile
from faktura_en16931.syntax import Syntax
from faktura_en16931.terms import TERMS, elements_of, terms_of
from faktura_en16931.ubl import write_ubl

PROFILE = Profile(process="urn:process", specification="urn:specification")
IN_UBL = [term.number for term in TERMS if term.ubl]

EXPECTED = {
    "BT-1": ["R-1"],
    "BT-2": ["20261130"],
    "BT-3": ["380"],
    "BT-5": ["EUR"],
    "BT-6": ["JPY"],
    "BT-7": ["20261128"],
    "BT-8": ["29"],
    "BT-9": ["20261214"],
    "BT-18-1": ["AVE"],
    "BT-20": ["BT20\n"],
    "BT-21": ["AAI"],
    "BT-22": ["BT22", "BT22 again"],
    "BT-23": ["urn:process"],
    "BT-24": ["urn:specification"],
    "BT-26": ["20261001"],
    "BT-29": ["BT29", "4000001000005"],
    "BT-29-1": ["0088"],
    "BT-30-1": ["0060"],
    "BT-31": ["DE31"],
    "BT-34-1": ["EM"],
    "BT-40": ["DE"],
    "BT-46-1": ["0204"],
    "BT-47-1": ["0199"],
    "BT-48": ["AT48"],
    "BT-49-1": ["EM"],
    "BT-55": ["AT"],
    "BT-60-1": ["0088"],
    "BT-61-1": ["0199"],
    "BT-63": ["FR63"],
    "BT-69": ["FR"],
    "BT-71-1": ["0088"],
    "BT-72": ["20261129"],
    "BT-73": ["20261101"],
    "BT-74": ["20261130"],
    "BT-80": ["CH"],
    "BT-81": ["58"],
    "BT-87": ["1234"],
    "BT-92": ["5.00"],
    "BT-93": ["100.00"],
    "BT-94": ["5"],
    "BT-95": ["S"],
    "BT-96": ["19"],
    "BT-98": ["95"],
    "BT-99": ["2.50"],
    "BT-100": ["50.00"],
    "BT-101": ["5"],
    "BT-102": ["S"],
    "BT-103": ["19"],
    "BT-105": ["FC"],
    "BT-106": ["100.00"],
    "BT-107": ["5.00"],
    "BT-108": ["2.50"],
    "BT-109": ["97.50"],
    "BT-110": ["18.53"],
    "BT-111": ["3335"],
    "BT-112": ["116.03"],
    "BT-113": ["16.00"],
    "BT-114": ["-0.03"],
    "BT-115": ["100.00"],
    "BT-116": ["97.50"],
    "BT-117": ["18.53"],
    "BT-118": ["S"],
    "BT-119": ["19"],
    "BT-121": ["VATEX-EU-AE"],
    "BT-124": ["https://files.example/BT124"],
    "BT-125": ["YTti"],
    "BT-125-1": ["text/csv"],
    "BT-125-2": ["evidence.csv"],
    "BT-128-1": ["AVE"],
    "BT-129": ["17"],
    "BT-130": ["DAY"],
    "BT-131": ["100.00"],
    "BT-134": ["20261102"],
    "BT-135": ["20261118"],
    "BT-136": ["17.90"],
    "BT-137": ["117.90"],
    "BT-138": ["15.1823"],
    "BT-140": ["100"],
    "BT-141": ["3.50"],
    "BT-142": ["35.00"],
    "BT-143": ["10"],
    "BT-145": ["ADR"],
    "BT-146": ["215"],
    "BT-147": ["5.5"],
    "BT-148": ["220.5"],
    "BT-149": ["31"],
    "BT-150": ["DAY"],
    "BT-151": ["S"],
    "BT-152": ["19"],
    "BT-157-1": ["0160"],
    "BT-158-1": ["STI"],
    "BT-158-2": ["26.08"],
    "BT-159": ["PT"],
}
"""Literal values; a term that is missing here holds its own name, e.g. BT-44 holds "BT44"."""

UBL_DIFFERS = {
    "BT-2": ["2026-11-30"],
    "BT-7": ["2026-11-28"],
    "BT-8": ["35"],
    "BT-9": ["2026-12-14"],
    "BT-22": ["#AAI#BT22", "BT22 again"],
    "BT-26": ["2026-10-01"],
    "BT-72": ["2026-11-29"],
    "BT-73": ["2026-11-01"],
    "BT-74": ["2026-11-30"],
    "BT-134": ["2026-11-02"],
    "BT-135": ["2026-11-18"],
}
"""What UBL writes in its own way: days, the code of BT-8, the subject before the note."""


def expected(term: str, *, is_ubl: bool = False) -> list[str]:
    """The texts of a term, in document order."""
    own = {**EXPECTED, **UBL_DIFFERS} if is_ubl else EXPECTED
    return own.get(term, [term.replace("-", "")])


def test_the_table_names_each_term_once() -> None:
    """einvoice.md section 9, with the schemes and lists as sub-terms."""
    numbers = [term.number for term in TERMS]

    assert len(numbers) == 180
    assert len(set(numbers)) == 180


@pytest.mark.parametrize("number", [term.number for term in TERMS])
def test_cii_has_every_term_at_its_path(number: str, full_document: InvoiceDocument) -> None:
    """The table's column of CII."""
    written = terms_of(write_cii(full_document, PROFILE), Syntax.CII)

    assert written[number] == expected(number)


@pytest.mark.parametrize("number", IN_UBL)
def test_ubl_has_every_term_at_its_path(number: str, full_document: InvoiceDocument) -> None:
    """The table's column of UBL; BT-21 stands in the text of BT-22."""
    written = terms_of(write_ubl(full_document, PROFILE), Syntax.UBL)

    assert written[number] == expected(number, is_ubl=True)


def test_only_the_subject_of_a_note_has_no_path_in_ubl(full_document: InvoiceDocument) -> None:
    """BT-21 is a prefix there."""
    assert [term.number for term in TERMS if term.ubl is None] == ["BT-21"]
    assert elements_of(write_cii_tree(full_document, PROFILE), "BT-21", Syntax.UBL, "EUR") == []


def test_a_tree_and_its_bytes_have_the_same_terms(full_document: InvoiceDocument) -> None:
    """Who has the tree need not parse again."""
    tree = write_cii_tree(full_document, PROFILE)

    assert terms_of(tree, Syntax.CII) == terms_of(write_cii(full_document, PROFILE), Syntax.CII)
