"""What a check of a VAT id found, in words for people (F120)."""

from collections.abc import Iterator

from faktura.domain.vat_checks import VatChecked
from faktura.kernel.vat_terms import VatCheckResult

_RESULTS = {
    VatCheckResult.VALID: ("gültig", "valid"),
    VatCheckResult.INVALID: ("ungültig", "not valid"),
    VatCheckResult.MISFORMED: ("falsch gebildet", "misformed"),
    VatCheckResult.UNAVAILABLE: ("keine Auskunft", "no answer"),
}
_PARTS = {
    "name": ("Name", "name"),
    "street": ("Straße", "street"),
    "zipCode": ("Postleitzahl", "postal code"),
    "city": ("Ort", "city"),
}


def result_words(result: VatCheckResult, language: str) -> str:
    """A result in German or, for any other language, in English."""
    return _RESULTS[result][language != "de"]


def findings(checked: VatChecked, language: str) -> Iterator[str]:
    """What a person should look at, a sentence each; nothing for a check that found nothing."""
    german = language == "de"
    if checked.result is not VatCheckResult.VALID:
        words = result_words(checked.result, language)
        yield f"{checked.vat_id} ist {words}" if german else f"{checked.vat_id} is {words}"
    for name in checked.differs:
        part = _PARTS[name][not german]
        yield (
            f"{part} stimmt nicht mit dem Register überein"
            if german
            else f"the {part} is not the registered one"
        )
