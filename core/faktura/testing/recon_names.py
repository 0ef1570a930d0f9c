"""Invented names and right check digits for sets of bank movements."""

from random import Random

_FIRST = (
    "Wiebke", "Torsten", "Özlem", "Frauke", "Björn", "Anneliese", "Jörn", "Hatice", "Käthe",
    "Lennart", "Friedhelm", "Zoë", "Gökhan", "Ilse", "Ruprecht", "Änne", "Søren", "Magdalena",
)  # fmt: skip
_LAST = (
    "Übelacker", "Straßner", "Köppke", "Wöhrle", "Çetinkaya", "Grünspecht", "Hölzl", "Zwieback",
    "Ångström", "Müßig", "Brömmel", "Quermann", "Łukasik", "Fährmann", "Kleeblatt", "Sauerbier",
    "Möwe", "Ziegenhals", "Büxtehud", "Nüßlein", "Dahlhoff", "Petzold", "Winterhalder", "Yıldız",
)  # fmt: skip
_TRADE = (
    "Dachdeckerei", "Imkerei", "Fahrschule", "Buchhandlung", "Zahnärzte", "Küchenstudio",
    "Änderungsschneiderei", "Brauerei", "Reederei", "Glaserei", "Ölmühle", "Steinmetz", "Logistik",
)  # fmt: skip
_FORM = ("GmbH", "AG", "KG", "e.K.", "GbR", "OHG", "UG (haftungsbeschränkt)", "GmbH & Co. KG")
_BANKS = ("10077777", "20041133", "37050198", "50070010", "60090700", "70020270", "86055592")


def person_name(rng: Random) -> str:
    """First and last name, now and then a double one."""
    last = rng.choice(_LAST)
    if rng.random() < 0.3:
        last += f"-{rng.choice(_LAST)}"
    return f"{rng.choice(_FIRST)} {last}"


def company_name(rng: Random) -> str:
    """Trade, name and legal form."""
    partner = f" & {rng.choice(_LAST)}" if rng.random() < 0.3 else ""
    return f"{rng.choice(_TRADE)} {rng.choice(_LAST)}{partner} {rng.choice(_FORM)}"


def iban(rng: Random) -> str:
    """A German IBAN whose check digits are right (ISO 13616)."""
    return iban_of(f"{rng.choice(_BANKS)}{rng.randrange(10**9, 10**10)}")


def iban_of(bank_and_account: str) -> str:
    """The German IBAN of these 18 digits."""
    rest = int(f"{bank_and_account}131400") % 97
    return f"DE{98 - rest:02d}{bank_and_account}"


def creditor_reference(body: str) -> str:
    """`RFkk` and the body, so that mod 97 is 1 (ISO 11649)."""
    digits = "".join(str(int(sign, 36)) for sign in f"{body}RF00")
    return f"RF{98 - int(digits) % 97:02d}{body}"


def written_out(name: str) -> str:
    """The name as banks without umlauts write it."""
    for umlaut, plain in (("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue"), ("ß", "ss")):
        name = name.replace(umlaut, plain).replace(umlaut.lower(), plain.lower())
    return name
