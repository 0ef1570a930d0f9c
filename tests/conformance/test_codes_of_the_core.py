"""Codes the core writes into documents are known to the rules that judge them."""

import pytest

from faktura.kernel.terms import ArticleUnit, DocumentKind
from faktura.services.document_codes import TYPE_CODES, UNIT_CODES
from faktura.testing.invoices import sample_invoice, sample_line
from faktura_en16931.checks import check
from faktura_en16931.codes import DOCUMENT_TYPES


@pytest.mark.parametrize("unit", ArticleUnit)
def test_every_unit_an_article_can_have_is_accepted(unit: ArticleUnit) -> None:
    """BT-130: a unit that the rules do not know would keep its contracts in quarantine."""
    document = sample_invoice(lines=(sample_line(unit_code=UNIT_CODES[unit]),))

    assert list(check(document)) == []


def test_every_kind_of_document_has_a_known_type() -> None:
    """BT-3."""
    assert set(TYPE_CODES) == set(DocumentKind)
    assert {code for code in TYPE_CODES.values() if code not in DOCUMENT_TYPES} == set()
