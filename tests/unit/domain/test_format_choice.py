"""Which format a customer's documents get, and what decided it."""

import pytest

from faktura.domain.format_choice import Buyer, ChosenBy, FormatChoice, format_for

ALL = frozenset({"xrechnung-cii", "xrechnung-ubl", "zugferd", "pdf"})
COMPANY = Buyer(None, "", is_business=True)
PERSON = Buyer(None, "", is_business=False)
AUTHORITY = Buyer(None, "04011000-12345-03", is_business=True)


@pytest.mark.parametrize(
    ("buyer", "tenant_format", "offered", "expected"),
    [
        (Buyer("pdf", "04011000-12345-03", is_business=True), "zugferd", ALL, ("pdf", "CUSTOMER")),
        (Buyer("gone", "", is_business=True), None, ALL, ("gone", "CUSTOMER")),
        (AUTHORITY, "zugferd", ALL, ("xrechnung-cii", "LEITWEG_ID")),
        (AUTHORITY, None, ALL - {"xrechnung-cii"}, ("xrechnung-ubl", "LEITWEG_ID")),
        (AUTHORITY, "zugferd", {"zugferd"}, ("zugferd", "TENANT")),
        (AUTHORITY, None, {"zugferd", "pdf"}, ("zugferd", "BUYER")),
        (COMPANY, "xrechnung-ubl", ALL, ("xrechnung-ubl", "TENANT")),
        (PERSON, "xrechnung-ubl", ALL, ("xrechnung-ubl", "TENANT")),
        (COMPANY, "gone", ALL, ("gone", "TENANT")),
        (COMPANY, None, ALL, ("zugferd", "BUYER")),
        (PERSON, None, ALL, ("pdf", "BUYER")),
        (PERSON, None, ALL - {"pdf"}, ("zugferd", "BUYER")),
        (COMPANY, None, ALL - {"zugferd"}, None),
        (COMPANY, None, frozenset(), None),
        (PERSON, None, {"xrechnung-cii"}, None),
        (AUTHORITY, None, frozenset(), None),
    ],
)
def test_the_customers_word_comes_first_then_what_fits_them(
    buyer: Buyer,
    tenant_format: str | None,
    offered: frozenset[str],
    expected: tuple[str, str] | None,
):
    """Own format, Leitweg-ID, tenant's format, ZUGFeRD for companies and PDF for consumers.

    What somebody asked for by name is chosen even where it is not enabled: it is then missed by
    name instead of being replaced in silence.
    """
    choice = format_for(buyer, tenant_format, offered)

    assert choice == (
        None if expected is None else FormatChoice(expected[0], ChosenBy(expected[1]))
    )
