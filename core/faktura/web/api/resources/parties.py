"""Parts that customers and contracts share: addresses, recipients, payment terms."""

from typing import Self

from pydantic import Field

from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.customers import Mandate, Recipient
from faktura.kernel.terms import RecipientUse
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import Day


class AddressAnswer(Answer):
    """A postal address; `country` is ISO 3166, `careOf` is printed below the name (F055)."""

    street: str = Field(description="Street and number.")
    zip_code: str = Field(description="Postal code.")
    city: str = Field(description="Town.")
    country: str = Field(description="ISO 3166, two letters; Greece is GR.")
    extra: str = Field(description="A further line, such as a building.")
    care_of: str = Field(description="Printed directly below the name (F055).")

    @classmethod
    def of(cls, address: Address) -> Self:
        """The answer."""
        return cls(
            street=address.street,
            zip_code=address.zip_code,
            city=address.city,
            country=address.country,
            extra=address.extra,
            care_of=address.care_of,
        )


class ContactAnswer(Answer):
    """A contact person; `shown` prints the name on the invoice (F056)."""

    name: str = Field(description="Full name.")
    phone: str = Field(description="Telephone number, as it is printed.")
    email: str | None = Field(description="The person's own address.")
    shown: bool = Field(description="Whether invoices print the name (F056).")

    @classmethod
    def of(cls, person: ContactPerson) -> Self:
        """The answer."""
        return cls(
            name=person.name, phone=person.phone, email=person.email or None, shown=person.shown
        )


class RecipientAnswer(Answer):
    """An e-mail address and what is sent to it (F085, F126)."""

    email: str = Field(description="The address.")
    use: RecipientUse = Field(description="What is sent to it.")

    @classmethod
    def of(cls, recipient: Recipient) -> Self:
        """The answer."""
        return cls(email=recipient.email, use=recipient.use)


class MandateAnswer(Answer):
    """A signed SEPA mandate."""

    reference: str = Field(description="The reference that the debtor signed (F103).")
    iban: str = Field(description="The debtor's IBAN.")
    signed_on: Day = Field(description="The day of the signature.")

    @classmethod
    def of(cls, mandate: Mandate) -> Self:
        """The answer."""
        return cls(reference=mandate.reference, iban=mandate.iban, signed_on=mandate.signed_on)
