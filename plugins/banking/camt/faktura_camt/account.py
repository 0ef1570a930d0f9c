"""How account numbers are compared: normalised."""


def normalised_iban(iban: str) -> str:
    """Upper case without blanks."""
    return (iban if iban.isalnum() else "".join(iban.split())).upper()
