"""What the page says: one table of words per language, and a tenant's own words before them."""

import re
from collections.abc import Mapping

from faktura_zugferd.words_de import GERMAN
from faktura_zugferd.words_en import ENGLISH

_NAME = re.compile(r"\{(\w+)\}", re.ASCII)

_TABLES: Mapping[str, Mapping[str, str]] = {"de": GERMAN, "en": ENGLISH}

KEYS = frozenset(f"{language}.{key}" for language, table in _TABLES.items() for key in table)
"""What a tenant may word otherwise: `de.pay.transfer`, `en.closing`."""


def page_language(language: str) -> str:
    """`de` for German with any region, `en` for every other language."""
    return "de" if language.lower().split("-")[0].split("_")[0] == "de" else "en"


class Words:
    """The words of one language; `own` holds a tenant's, by key with the language in front."""

    def __init__(self, language: str, own: Mapping[str, str]) -> None:
        self.language = page_language(language)
        self._own = own

    def say(self, key: str, **values: str) -> str:
        """The text of the key with its values; {names} that have no value stay as they are."""
        text = self._own.get(f"{self.language}.{key}")
        if text is None:
            text = _TABLES[self.language][key]
        # In one pass, and no str.format: values and own words may have braces of their own.
        return _NAME.sub(lambda found: values.get(found[1], found[0]), text)
