"""How account numbers are compared: normalised."""


def normalised_iban(iban: str) -> str:
    """Upper case without blanks."""
    return "".join(iban.split()).upper()
