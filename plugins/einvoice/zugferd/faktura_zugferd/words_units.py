"""What the units of UN/ECE recommendations 20 and 21 are called, for one and for several."""

from collections.abc import Mapping

# Code: German for one and several, English for one and several; abbreviations have one form.
_UNITS: Mapping[str, tuple[str, str, str, str]] = {
    "1I": ("pauschal", "pauschal", "flat rate", "flat rates"),
    "4L": ("MB", "MB", "MB", "MB"),
    "ANN": ("Jahr", "Jahre", "year", "years"),
    "C62": ("", "", "", ""),
    "D63": ("Buch", "Bücher", "book", "books"),
    "DAY": ("Tag", "Tage", "day", "days"),
    "E34": ("GB", "GB", "GB", "GB"),
    "E35": ("TB", "TB", "TB", "TB"),
    "GRM": ("g", "g", "g", "g"),
    "H87": ("Stück", "Stück", "piece", "pieces"),
    "HUR": ("Stunde", "Stunden", "hour", "hours"),
    "KGM": ("kg", "kg", "kg", "kg"),
    "KMT": ("km", "km", "km", "km"),
    "KWH": ("kWh", "kWh", "kWh", "kWh"),
    "LS": ("pauschal", "pauschal", "lump sum", "lump sums"),
    "LTR": ("Liter", "Liter", "litre", "litres"),
    "MIN": ("Minute", "Minuten", "minute", "minutes"),
    "MON": ("Monat", "Monate", "month", "months"),
    "MTK": ("m²", "m²", "m²", "m²"),
    "MTQ": ("m³", "m³", "m³", "m³"),
    "MTR": ("m", "m", "m", "m"),
    "P1": ("%", "%", "%", "%"),
    "QAN": ("Quartal", "Quartale", "quarter", "quarters"),
    "SAN": ("Halbjahr", "Halbjahre", "half-year", "half-years"),
    "SEC": ("Sekunde", "Sekunden", "second", "seconds"),
    "SET": ("Satz", "Sätze", "set", "sets"),
    "TNE": ("t", "t", "t", "t"),
    "WEE": ("Woche", "Wochen", "week", "weeks"),
    "XPP": ("Packstück", "Packstücke", "package", "packages"),
}


def unit_word(code: str, language: str, *, one: bool) -> str:
    """`Monat` or `Monate`; empty for plain counting (C62), the code itself where none is known."""
    words = _UNITS.get(code)
    if words is None:
        return code
    return words[(0 if language == "de" else 2) + (0 if one else 1)]


def named_units() -> frozenset[str]:
    """The codes that have words."""
    return frozenset(_UNITS)
