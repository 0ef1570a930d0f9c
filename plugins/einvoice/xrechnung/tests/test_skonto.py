"""Payment terms with Skonto (BR-DE-18): our word on each text is that of the official rule."""

from collections.abc import Callable

import pytest

from faktura.testing.invoices import changed, sample_invoice
from faktura_en16931.cii import write_cii
from faktura_xrechnung.formats import XRechnungCii
from faktura_xrechnung.rule_sets import RULE_SETS

SKONTO = "#SKONTO#TAGE=7#PROZENT=2.00#"

RIGHT = [
    f"{SKONTO}\n",
    f"{SKONTO}\n#SKONTO#TAGE=14#PROZENT=1.00#BASISBETRAG=-119.00#\nRest netto.\n",
    f"Zahlbar bald.\n  {SKONTO}\t\n\n",
    "Zahlbar wie in Nr. 1 und #2 genannt",
    f"Bitte {SKONTO} beachten",
    f"\u2003{SKONTO}\n",
]
WRONG = [
    SKONTO,
    "#SKONTO#TAGE=7#PROZENT=2#\n",
    "#SKONTO#TAGE=7#PROZENT=2.00#BASISBETRAG=1.0#\n",
    "#VERZUG#TAGE=7#PROZENT=2.00#\n",
    "# Rabatt\n",
    f"{SKONTO}\u00a0\n",  # a no-break space is no blank of XML
    f"{SKONTO}\nwie in #1 und #2 genannt\n",  # the rule looks behind the last two #
]


@pytest.mark.parametrize(
    ("terms", "rules"),
    [*((text, set()) for text in RIGHT), *((text, {"BR-DE-18"}) for text in WRONG)],
)
def test_a_text_is_right_or_wrong_as_the_official_rule_says(
    terms: str,
    rules: set[str],
    xrechnung: XRechnungCii,
    broken_rules: Callable[[bytes], dict[str, str]],
) -> None:
    """Neither stricter, which would stop an invoice, nor laxer, which a receiver refuses."""
    document = changed(sample_invoice(), "payment_terms", terms)

    assert {finding.rule for finding in xrechnung.check(document)} == rules
    assert broken_rules(write_cii(document, RULE_SETS[0].profile)).keys() == rules
