"""What a document must have before a number is spent on it (F044, § 14 Abs. 4 UStG)."""

from collections.abc import Iterator
from dataclasses import dataclass

from typing_extensions import override

from faktura.domain.addresses import Address
from faktura.domain.customers import Customer
from faktura.domain.document_kinds import CORRECTING, SELF_BILLED
from faktura.domain.invoices import DraftDocument
from faktura.domain.tenants import Seller, Tenant
from faktura.kernel.terms import PaymentMethod, TaxCategory

_VAT_ID_NEEDED = frozenset({TaxCategory.AE, TaxCategory.K})


@dataclass(frozen=True, slots=True)
class Missing:
    """A field that is missing and the sentence that says so."""

    field: str
    problem: str

    @override
    def __str__(self) -> str:
        """`customer.billingAddress.zipCode: the customer's post code is missing`."""
        return f"{self.field}: {self.problem}"


def missing_fields(tenant: Tenant, document: DraftDocument) -> tuple[Missing, ...]:
    """Everything a person has to fill before the document can be issued; empty when complete."""
    # Whoever gets money back needs no way to pay.
    is_given = document.kind in CORRECTING | SELF_BILLED
    payment = () if is_given else _payment(tenant.seller, document)
    return (
        *_seller(tenant.seller),
        *_customer(document.customer),
        *payment,
        *_tax(tenant.seller, document),
        *_supplier(document),
    )


def _supplier(document: DraftDocument) -> Iterator[Missing]:
    """A partner who is credited is the supplier, whom the tax number or the VAT id names.

    § 14 Abs. 4 Nr. 2 UStG takes either, whether VAT is charged or not; § 34a UStDV asks it of a small
    business as well.
    """
    partner = document.customer
    if document.kind in SELF_BILLED and not (partner.tax_number or partner.eu_tax_id):
        yield Missing(
            "customer.taxNumber",
            "the partner who is credited has neither tax number nor VAT id",
        )


def _address(owner: str, zip_code: str, whose: str, address: Address) -> Iterator[Missing]:
    for name, label, value in (
        ("street", "street", address.street or address.extra),
        (zip_code, "post code", address.zip_code),
        ("city", "city", address.city),
        ("country", "country", address.country),
    ):
        if not value:
            yield Missing(f"{owner}.{name}", f"the {label} of {whose} is missing")


def _seller(seller: Seller) -> Iterator[Missing]:
    if not seller.legal_name:
        yield Missing("tenant.seller.legal_name", "the seller's name is missing")
    yield from _address("tenant.seller.address", "zip_code", "the seller", seller.address)
    if not (seller.vat_id or seller.tax_number):
        yield Missing("tenant.seller.tax_number", "the seller has neither tax number nor VAT id")


def _customer(customer: Customer) -> Iterator[Missing]:
    if not customer.name:
        yield Missing("customer.name", "the customer's name is missing")
    yield from _address("customer.billingAddress", "zipCode", "the customer", customer.address)


def _payment(seller: Seller, document: DraftDocument) -> Iterator[Missing]:
    if document.payment_method is PaymentMethod.TRANSFER and not seller.iban:
        yield Missing("tenant.seller.iban", "no bank account to transfer to is recorded")
    if document.payment_method is PaymentMethod.SEPA_DEBIT:
        if document.customer.mandate is None and document.customer.debited_by:
            # The provider is the creditor, by a mandate that names it.
            return
        if not seller.creditor_id:
            yield Missing("tenant.seller.creditor_id", "the SEPA creditor id is missing")
        if document.customer.mandate is None:
            yield Missing("customer.mandate", "the customer has no SEPA mandate")


def _tax(seller: Seller, document: DraftDocument) -> Iterator[Missing]:
    categories = {row.category for row in document.vat}
    if any(c.tax.category is TaxCategory.E and not c.tax.reason for c in document.charges):
        # § 14 Abs. 4 Nr. 8 UStG: a document without VAT says why.
        yield Missing("taxGroup.reason", "the reason of the tax exemption is missing")
    if categories & _VAT_ID_NEEDED and not seller.vat_id:
        yield Missing(
            "tenant.seller.vat_id", "a supply without VAT abroad needs the seller's VAT id"
        )
    if TaxCategory.O in categories and len(categories) > 1:
        # BR-O-11: what is not taxable stands alone on its document.
        yield Missing(
            "contract.items",
            "lines that are not taxable cannot stand beside taxable ones:"
            " put them on a contract of their own",
        )
