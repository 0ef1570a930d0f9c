"""A customer written as the fields it can be made of: reading them again gives the same customer."""

from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.customers import Customer, Mandate, Recipient
from faktura.domain.payment_terms import PaymentTerm


def customer_fields(customer: Customer) -> dict[str, object]:
    """Every field of CustomerFields as JSON has it; None where there is nothing."""
    return {
        "customerNumber": customer.number,
        "name": customer.name,
        "isBusiness": customer.is_business,
        "billingAddress": _address(customer.address),
        "contactPerson": None if customer.contact is None else _contact(customer.contact),
        "email": customer.email or None,
        "recipients": recipient_fields(customer.recipients),
        "euTaxId": customer.eu_tax_id or None,
        "taxNumber": customer.tax_number,
        "registerNumber": customer.register_number,
        "leitwegId": customer.leitweg_id or None,
        "language": customer.language,
        "paymentMethod": customer.payment_method.value,
        **payment_term_fields(customer.payment_term),
        "debtorAccount": customer.debtor_account,
        "mandate": None if customer.mandate is None else _mandate(customer.mandate),
        "documentFormat": customer.document_format,
        "orderReference": customer.order_reference,
        "debitedBy": customer.debited_by,
    }


def recipient_fields(recipients: tuple[Recipient, ...]) -> list[object]:
    """`recipients` of a customer or contract."""
    return [{"email": one.email, "use": one.use.value} for one in recipients]


def payment_term_fields(term: PaymentTerm | None) -> dict[str, object]:
    """`duePeriod` and `dueUnit`, both or neither."""
    if term is None:
        return {"duePeriod": None, "dueUnit": None}
    return {"duePeriod": term.period, "dueUnit": term.unit.value}


def _address(address: Address) -> dict[str, object]:
    return {
        "street": address.street,
        "zipCode": address.zip_code,
        "city": address.city,
        "country": address.country,
        "extra": address.extra,
        "careOf": address.care_of,
    }


def _contact(contact: ContactPerson) -> dict[str, object]:
    return {
        "name": contact.name,
        "phone": contact.phone,
        "email": contact.email or None,
        "shown": contact.shown,
    }


def _mandate(mandate: Mandate) -> dict[str, object]:
    return {
        "reference": mandate.reference,
        "iban": mandate.iban,
        "signedOn": mandate.signed_on.isoformat(),
    }
