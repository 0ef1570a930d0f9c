"""Kinds of documents and units as the code lists of EN 16931 name them."""

from collections.abc import Mapping

from faktura.kernel.terms import ArticleUnit, DocumentKind

# BT-3 (UNTDID 1001) as domain.md assigns them.
TYPE_CODES: Mapping[DocumentKind, str] = {
    DocumentKind.INVOICE: "380",
    DocumentKind.DEPOSIT: "380",
    DocumentKind.FINAL: "380",
    DocumentKind.CORRECTION: "381",
    DocumentKind.CANCELLATION: "384",
    DocumentKind.CREDIT_NOTE: "389",
    DocumentKind.CREDIT_NOTE_CORRECTION: "389",
    DocumentKind.OPENING: "380",  # shown only, never rendered (P54)
    DocumentKind.DUNNING: "380",  # shown only: what a customer gets is the notice (F084)
}

# BT-130 (UN/ECE Recommendation 20). STK would be a stick: a piece is H87.
UNIT_CODES: Mapping[ArticleUnit, str] = {
    ArticleUnit.PIECE: "H87",
    ArticleUnit.NONE: "C62",
    ArticleUnit.HOUR: "HUR",
    ArticleUnit.MINUTE: "MIN",
    ArticleUnit.SECOND: "SEC",
    ArticleUnit.DAY: "DAY",
    ArticleUnit.WEEK: "WEE",
    ArticleUnit.MONTH: "MON",
    ArticleUnit.YEAR: "ANN",
    ArticleUnit.GIGABYTE: "E34",
    ArticleUnit.KILOGRAM: "KGM",
    ArticleUnit.KILOMETRE: "KMT",
    ArticleUnit.LITRE: "LTR",
    ArticleUnit.METRE: "MTR",
    ArticleUnit.SQUARE_METRE: "MTK",
    ArticleUnit.LUMP_SUM: "LS",
}
