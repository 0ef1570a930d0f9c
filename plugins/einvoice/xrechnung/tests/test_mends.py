"""Every field that a finding tells people to fill is one that they can fill."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Union, get_args, get_origin

import faktura_en16931
import faktura_xrechnung
from faktura.plugin import Dto, InvoiceDocument

# As docs/imports.md and the file of `faktura tenants create` have them.
FIELDS = {
    *("article.articleNumber", "article.description", "article.name", "article.unit"),
    *("contract.contractNumber", "contract.currency", "contract.items", "contract.orderReference"),
    *("customer.billingAddress.city", "customer.billingAddress.country"),
    *("customer.billingAddress.extra", "customer.billingAddress.street"),
    *("customer.billingAddress.zipCode", "customer.contactPerson.email"),
    *("customer.contactPerson.name", "customer.contactPerson.phone", "customer.customerNumber"),
    *("customer.duePeriod", "customer.email", "customer.euTaxId", "customer.leitwegId"),
    *("customer.mandate", "customer.name", "customer.paymentMethod", "customer.registerNumber"),
    *("discount.percent", "discount.reason", "productGroup.taxGroup", "taxGroup.reason"),
    *("tenant.seller.account_holder", "tenant.seller.address.city"),
    *("tenant.seller.address.country", "tenant.seller.address.extra"),
    *("tenant.seller.address.street", "tenant.seller.address.zip_code", "tenant.seller.bic"),
    *("tenant.seller.contact.email", "tenant.seller.contact.name", "tenant.seller.contact.phone"),
    *("tenant.seller.creditor_id", "tenant.seller.iban", "tenant.seller.legal_info"),
    *("tenant.seller.legal_name", "tenant.seller.register_number", "tenant.seller.tax_number"),
    *("tenant.seller.trading_name", "tenant.seller.vat_id"),
}
_MEND = re.compile(
    r"(tenant|customer|contract|article|discount|charge|productGroup|taxGroup|document)(\.\w+)+"
)


def mends() -> set[str]:
    """All literals of both packages that name a field; those made of parts are the document's."""
    modules = [
        ast.walk(ast.parse(file.read_text()))
        for package in (faktura_en16931, faktura_xrechnung)
        for file in Path(str(package.__file__)).parent.glob("*.py")
    ]
    literals = {
        node.value
        for nodes in modules
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {literal for literal in literals if _MEND.fullmatch(literal)}


def parts_of(annotation: object) -> Iterator[type[Dto]]:
    """The DTOs a field may hold, alone or in a tuple."""
    if get_origin(annotation) in (Union, UnionType, tuple):
        for inner in get_args(annotation):
            yield from parts_of(inner)
    elif isinstance(annotation, type) and issubclass(annotation, Dto):
        yield annotation


def is_of_document(path: list[str], model: type[Dto] = InvoiceDocument) -> bool:
    """Whether the document's JSON has that place."""
    head, rest = path[0], path[1:]
    if head not in model.model_fields:
        return False
    inner = parts_of(model.model_fields[head].annotation)
    return not rest or any(is_of_document(rest, part) for part in inner)


def test_every_field_to_mend_can_be_filled() -> None:
    """A person's field where there is one, else the place in a document that is given as JSON."""
    found = mends()
    of_documents = {mend for mend in found if mend.startswith("document.")}

    assert {mend for mend in of_documents if not is_of_document(mend.split(".")[1:])} == set()
    assert found - of_documents == FIELDS
