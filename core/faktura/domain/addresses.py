"""Postal addresses and contact persons, as they are printed and frozen into documents."""

from dataclasses import dataclass

from faktura.domain.countries import COUNTRIES
from faktura.kernel.errors import FieldInvalid, shortened


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; `care_of` is printed directly below the name (F055), country is ISO 3166."""

    street: str = ""
    zip_code: str = ""
    city: str = ""
    country: str = "DE"
    extra: str = ""
    care_of: str = ""

    def __post_init__(self) -> None:
        """Refuse a country that does not exist: “de” would be a third country, without VAT."""
        if self.country and self.country not in COUNTRIES:
            raise FieldInvalid(
                f"“{shortened(self.country)}” is not a country",
                place="address.country",
                mend="Use two letters of ISO 3166 such as DE; Greece is GR",
            )


@dataclass(frozen=True, slots=True)
class ContactPerson:
    """A person to talk to; `shown` prints the name on the invoice (F056)."""

    name: str = ""
    phone: str = ""
    email: str = ""
    shown: bool = True
