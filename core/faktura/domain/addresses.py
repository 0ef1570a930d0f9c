"""Postal addresses and contact persons, as they are printed and frozen into documents."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; `care_of` is printed directly below the name (F055), country is ISO 3166."""

    street: str = ""
    zip_code: str = ""
    city: str = ""
    country: str = "DE"
    extra: str = ""
    care_of: str = ""


@dataclass(frozen=True, slots=True)
class ContactPerson:
    """A person to talk to; `shown` prints the name on the invoice (F056)."""

    name: str = ""
    phone: str = ""
    email: str = ""
    shown: bool = True
