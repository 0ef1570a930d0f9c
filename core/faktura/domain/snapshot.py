"""The frozen head of an issued document: everything needed to render and defend it later (P23).

Lines are frozen in rows of their own; the snapshot is plain data (text, numbers, lists) so that it
reads the same in ten years.
"""

from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.collective import Section, sections
from faktura.domain.customers import Customer
from faktura.domain.deposit_facts import deducted_facts
from faktura.domain.invoices import DraftDocument, VatTotal
from faktura.domain.tenants import Seller

Snapshot = dict[str, object]


def seller_snapshot(seller: Seller) -> Snapshot:
    """The seller as printed (BG-4)."""
    return {
        "legalName": seller.legal_name,
        "tradingName": seller.trading_name,
        "address": _address(seller.address),
        "contact": _contact(seller.contact),
        "vatId": seller.vat_id,
        "taxNumber": seller.tax_number,
        "registerNumber": seller.register_number,
        "legalInfo": seller.legal_info,
        "iban": seller.iban,
        "bic": seller.bic,
        "accountHolder": seller.account_holder or seller.legal_name,
        "creditorId": seller.creditor_id,
    }


def buyer_snapshot(customer: Customer) -> Snapshot:
    """The customer as printed (BG-7)."""
    contact, checked = customer.contact, customer.vat_checked
    snapshot: Snapshot = {
        "number": customer.number,
        "name": customer.name,
        "isBusiness": customer.is_business,
        "address": _address(customer.address),
        "contact": _contact(contact) if contact is not None and contact.shown else None,
        # Who supplies to us is called back, even where the person is not named (BT-42).
        "phone": "" if contact is None else contact.phone,
        "email": customer.email,
        "vatId": customer.eu_tax_id,
        # Printed only where the partner is the seller (BT-32); a buyer has none.
        "taxNumber": customer.tax_number,
        "registerNumber": customer.register_number,
        "leitwegId": customer.leitweg_id,
        "language": customer.language,
        "debtorAccount": customer.debtor_account,
        "mandate": None
        if customer.mandate is None
        else {
            "reference": customer.mandate.reference,
            "iban": customer.mandate.iban,
            "signedOn": str(customer.mandate.signed_on),
        },
    }
    if checked is not None and checked.vat_id == customer.eu_tax_id:
        # What was known of the number that day: it is what a reverse charge rests on (F120).
        snapshot["vatCheck"] = checked.record()
    return snapshot


def document_snapshot(
    document: DraftDocument,
    seller: Snapshot,
    buyer: Snapshot,
    format_id: str | None,
    consumer_notice: str | None = None,
) -> Snapshot:
    """The head of a document; `seller` and `buyer` are shared between the documents of a run.

    A consumer owes interest only by a document with `consumer_notice` (§ 286 Abs. 3 BGB).
    """
    contract = document.contract
    head: Snapshot = {
        "seller": seller,
        "buyer": buyer,
        "contractNumber": contract.number,
        "internalIdentifier": contract.internal_identifier,
        "orderReference": contract.order_reference or document.customer.order_reference,
        "headerText": contract.header_text,
        "footerText": contract.footer_text,
        "paymentMethod": document.payment_method.value,
        "paymentTerm": {
            "duePeriod": document.payment_term.period,
            "dueUnit": document.payment_term.unit.value,
        },
        "vat": [_vat(row) for row in document.vat],
        "format": format_id,
    }
    if document.contracts:
        # What stands once on paper is of no single contract: each has its own (F053).
        head |= dict.fromkeys(("internalIdentifier", "headerText", "footerText"), "")
        head["contractNumber"] = None
        head["contracts"] = [_section(one) for one in sections(document)]
    if document.originals:
        head["preceding"] = [
            {"number": one.number, "issuedOn": str(one.issued_on), "why": one.why.value}
            for one in document.originals
        ]
    if consumer_notice:
        head["consumerNotice"] = consumer_notice
    if document.reason:
        head["reason"] = document.reason
    if document.deposits:
        head["deposits"] = [deducted_facts(one) for one in document.deposits]
    if document.paid_by:
        head["paidBy"] = [
            {"receivedOn": str(part.value_date), "amount": part.amount.minor}
            for part in document.paid_by
        ]
    return head


def _section(section: Section) -> Snapshot:
    contract = section.contract
    return {
        "number": contract.number,
        "internalIdentifier": contract.internal_identifier,
        "orderReference": contract.order_reference,
        "headerText": contract.header_text,
        "footerText": contract.footer_text,
        "firstLine": section.first_line,
        "lastLine": section.last_line,
    }


def _address(address: Address) -> Snapshot:
    return {
        "careOf": address.care_of,
        "street": address.street,
        "extra": address.extra,
        "zipCode": address.zip_code,
        "city": address.city,
        "country": address.country,
    }


def _contact(contact: ContactPerson) -> Snapshot:
    return {"name": contact.name, "phone": contact.phone, "email": contact.email}


def _vat(row: VatTotal) -> Snapshot:
    return {
        "category": row.category.value,
        "rate": str(row.rate),
        "taxable": row.taxable.minor,
        "tax": row.tax.minor,
        "reason": row.reason,
        "reasonCode": row.reason_code,
    }
