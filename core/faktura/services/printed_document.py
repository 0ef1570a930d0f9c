"""Which of a kind's printed rules a document follows, and whose field mends what is wrong with it (F066)."""

from collections.abc import Mapping

from faktura.domain.document_kinds import KINDS, SELF_BILLED
from faktura.domain.documents import DocumentRecord
from faktura.domain.snapshot_fields import day_of_snapshot, rows_of_snapshot
from faktura.kernel.terms import DocumentKind
from faktura.plugin import InvoiceDocument, PrecedingInvoice
from faktura.services.printed_signs import the_other_way_round

# On a credit note the seller of the format is our partner, a customer of ours.
_SWAPPED: Mapping[str, str] = {
    "tenant.seller.legal_name": "customer.name",
    "tenant.seller.address.street": "customer.billingAddress.street",
    "tenant.seller.address.extra": "customer.billingAddress.extra",
    "tenant.seller.address.city": "customer.billingAddress.city",
    "tenant.seller.address.zip_code": "customer.billingAddress.zipCode",
    "tenant.seller.address.country": "customer.billingAddress.country",
    "tenant.seller.contact.name": "customer.contactPerson.name",
    "tenant.seller.contact.phone": "customer.contactPerson.phone",
    "tenant.seller.contact.email": "customer.email",
    "tenant.seller.vat_id": "customer.euTaxId",
    "tenant.seller.tax_number": "customer.taxNumber",
    "tenant.seller.register_number": "customer.registerNumber",
    "customer.name": "tenant.seller.legal_name",
    "customer.email": "tenant.seller.contact.email",
    "customer.euTaxId": "tenant.seller.vat_id",
    "customer.registerNumber": "tenant.seller.register_number",
    "customer.contactPerson.name": "tenant.seller.contact.name",
    "customer.contactPerson.phone": "tenant.seller.contact.phone",
    "customer.contactPerson.email": "tenant.seller.contact.email",
    "customer.billingAddress.street": "tenant.seller.address.street",
    "customer.billingAddress.extra": "tenant.seller.address.extra",
    "customer.billingAddress.city": "tenant.seller.address.city",
    "customer.billingAddress.zipCode": "tenant.seller.address.zip_code",
    "customer.billingAddress.country": "tenant.seller.address.country",
}


def as_printed(document: InvoiceDocument, record: DocumentRecord) -> InvoiceDocument:
    """The document with what it follows (BG-3) and the signs of its kind."""
    preceding = tuple(
        PrecedingInvoice(number=str(one["number"]), issued_on=day_of_snapshot(one, "issuedOn"))
        for one in rows_of_snapshot(record.snapshot, "preceding")
    )
    if preceding:
        document = document.model_copy(update={"preceding": preceding})
    if KINDS[record.kind].printed_positive:
        return the_other_way_round(document)
    return document


def mend_of(kind: DocumentKind, mend: str) -> str:
    """The field to fill: on a credit note the partner is the seller and we are the buyer.

    Notes (BG-1) are the header and the footer of the contract.
    """
    if mend == "document.notes":
        return "contract.extraTextInvoiceHeader, contract.extraTextInvoiceFooter"
    if kind not in SELF_BILLED:
        return mend
    return _SWAPPED.get(mend, mend)
