"""Names of countries for the last line of an address, in German and English."""

from collections.abc import Mapping

_NAMES: Mapping[str, tuple[str, str]] = {
    "AE": ("Vereinigte Arabische Emirate", "United Arab Emirates"),
    "AT": ("Österreich", "Austria"),
    "AU": ("Australien", "Australia"),
    "BA": ("Bosnien und Herzegowina", "Bosnia and Herzegovina"),
    "BE": ("Belgien", "Belgium"),
    "BG": ("Bulgarien", "Bulgaria"),
    "BR": ("Brasilien", "Brazil"),
    "CA": ("Kanada", "Canada"),
    "CH": ("Schweiz", "Switzerland"),
    "CN": ("China", "China"),
    "CY": ("Zypern", "Cyprus"),
    "CZ": ("Tschechien", "Czechia"),
    "DE": ("Deutschland", "Germany"),
    "DK": ("Dänemark", "Denmark"),
    "EE": ("Estland", "Estonia"),
    "ES": ("Spanien", "Spain"),
    "FI": ("Finnland", "Finland"),
    "FR": ("Frankreich", "France"),
    "GB": ("Vereinigtes Königreich", "United Kingdom"),
    "GR": ("Griechenland", "Greece"),
    "HK": ("Hongkong", "Hong Kong"),
    "HR": ("Kroatien", "Croatia"),
    "HU": ("Ungarn", "Hungary"),
    "IE": ("Irland", "Ireland"),
    "IL": ("Israel", "Israel"),
    "IN": ("Indien", "India"),
    "IS": ("Island", "Iceland"),
    "IT": ("Italien", "Italy"),
    "JP": ("Japan", "Japan"),
    "KR": ("Südkorea", "South Korea"),
    "LI": ("Liechtenstein", "Liechtenstein"),
    "LT": ("Litauen", "Lithuania"),
    "LU": ("Luxemburg", "Luxembourg"),
    "LV": ("Lettland", "Latvia"),
    "MC": ("Monaco", "Monaco"),
    "ME": ("Montenegro", "Montenegro"),
    "MK": ("Nordmazedonien", "North Macedonia"),
    "MT": ("Malta", "Malta"),
    "MX": ("Mexiko", "Mexico"),
    "NL": ("Niederlande", "Netherlands"),
    "NO": ("Norwegen", "Norway"),
    "NZ": ("Neuseeland", "New Zealand"),
    "PL": ("Polen", "Poland"),
    "PT": ("Portugal", "Portugal"),
    "RO": ("Rumänien", "Romania"),
    "RS": ("Serbien", "Serbia"),
    "SE": ("Schweden", "Sweden"),
    "SG": ("Singapur", "Singapore"),
    "SI": ("Slowenien", "Slovenia"),
    "SK": ("Slowakei", "Slovakia"),
    "TR": ("Türkei", "Türkiye"),
    "UA": ("Ukraine", "Ukraine"),
    "US": ("USA", "USA"),
    "XI": ("Nordirland", "Northern Ireland"),
    "ZA": ("Südafrika", "South Africa"),
}


def country_name(code: str, language: str) -> str:
    """The country as a reader of the language knows it; the code where no name is known."""
    names = _NAMES.get(code)
    if names is None:
        return code
    return names[0] if language == "de" else names[1]
