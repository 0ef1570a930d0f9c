"""Every text a person can fill in an invoice document: its term, its words, the field to mend.

A field to mend is one that people fill (`customer.name`, `tenant.seller.iban`), else the document's
own as its JSON has it (`document.tender_reference`), which nothing but a given document sets.
A path walks the DTO; `*` is each entry of a tuple. Codes are not here: their tables judge them
(coded.py), whatever characters they have.
"""

from typing import Final, NamedTuple


class TextField(NamedTuple):
    """A text: its business term, what people call it, the field to fill, its longest length.

    `may_be_empty` is for mandatory texts of the DTO that EN 16931 itself lets be absent;
    `is_reference` is one that machines compare: blanks around it would be taken away by a reader.
    """

    term: str
    what: str
    mend: str
    limit: int
    may_be_empty: bool = False
    is_reference: bool = False


LINE: Final = 1_000
"""Most characters of a name, a reference, a line of an address."""
PROSE: Final = 5_000
"""Most characters of a text that people write sentences in."""

_PROSE_TERMS: Final = frozenset({"BT-20", "BT-22", "BT-33", "BT-120", "BT-127", "BT-154"})
_REFERENCES: Final = frozenset(
    f"BT-{number}"
    for number in (
        1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 25, 29, 30, 31, 32,
        34, 38, 43, 46, 47, 48, 49, 53, 58, 60, 61, 63, 67, 71, 78, 83,
        84, 86, 87, 89, 90, 91, 122, 124, 126, 128, 132, 133, 155, 156, 157, 158,
    )
)  # fmt: skip
_MAY_BE_EMPTY: Final = ("address.city", "address.postcode", "creditor_id", "direct_debit.iban")

# path, term, words, mend
_DOCUMENT: Final = (
    ("number", "BT-1", "document number", "document.number"),
    ("buyer_reference", "BT-10", "buyer reference", "customer.leitwegId"),
    ("project_reference", "BT-11", "project reference", "document.project_reference"),
    ("contract_reference", "BT-12", "contract reference", "contract.contractNumber"),
    ("order_reference", "BT-13", "order reference", "contract.orderReference"),
    ("sales_order_reference", "BT-14", "sales order reference", "document.sales_order_reference"),
    ("receiving_reference", "BT-15", "receiving advice", "document.receiving_reference"),
    ("despatch_reference", "BT-16", "despatch advice", "document.despatch_reference"),
    ("tender_reference", "BT-17", "tender reference", "document.tender_reference"),
    ("object_identifier.value", "BT-18", "object identifier", "document.object_identifier"),
    ("accounting_reference", "BT-19", "accounting reference", "document.accounting_reference"),
    ("payment_terms", "BT-20", "payment terms", "document.payment_terms"),
    ("notes.*.text", "BT-22", "note", "document.notes"),
    ("preceding.*.number", "BT-25", "number of the corrected document", "document.preceding"),
    ("vat.*.exemption_reason", "BT-120", "reason of the VAT exemption", "taxGroup.reason"),
    ("payment.means_text", "BT-82", "payment means text", "customer.paymentMethod"),
    ("payment.remittance", "BT-83", "remittance information", "document.number"),
    ("payment.transfers.*.iban", "BT-84", "account to pay to", "tenant.seller.iban"),
    ("payment.transfers.*.holder", "BT-85", "account holder", "tenant.seller.account_holder"),
    ("payment.transfers.*.bic", "BT-86", "BIC of the account to pay to", "tenant.seller.bic"),
    ("payment.card_last_digits", "BT-87", "card number", "document.payment.card_last_digits"),
    ("payment.card_holder", "BT-88", "card holder", "document.payment.card_last_digits"),
    ("payment.direct_debit.mandate", "BT-89", "mandate reference", "customer.mandate"),
    ("payment.direct_debit.creditor_id", "BT-90", "creditor id", "tenant.seller.creditor_id"),
    ("payment.direct_debit.iban", "BT-91", "debited account", "customer.mandate"),
    ("allowances.*.reason", "BT-97", "reason of a discount", "discount.reason"),
    ("charges.*.reason", "BT-104", "reason of a charge", "document.charges"),
    ("attachments.*.reference", "BT-122", "reference of an attachment", "document.attachments"),
    ("attachments.*.description", "BT-123", "description of an attachment", "document.attachments"),
    ("attachments.*.location", "BT-124", "location of an attachment", "document.attachments"),
    ("attachments.*.file.filename", "BT-125", "file name of an attachment", "document.attachments"),
)

_PARTIES: Final = (
    ("seller.name", "BT-27", "seller's name", "tenant.seller.legal_name"),
    ("seller.trading_name", "BT-28", "seller's trading name", "tenant.seller.trading_name"),
    ("seller.identifiers.*.value", "BT-29", "seller's identifier", "tenant.seller.tax_number"),
    ("seller.registration.value", "BT-30", "register number", "tenant.seller.register_number"),
    ("seller.vat_id", "BT-31", "seller's VAT id", "tenant.seller.vat_id"),
    ("seller.tax_number", "BT-32", "seller's tax number", "tenant.seller.tax_number"),
    ("seller.legal_info", "BT-33", "seller's legal information", "tenant.seller.legal_info"),
    (
        "seller.endpoint.value",
        "BT-34",
        "seller's electronic address",
        "tenant.seller.contact.email",
    ),
    ("seller.contact.name", "BT-41", "seller's contact", "tenant.seller.contact.name"),
    ("seller.contact.phone", "BT-42", "seller's phone number", "tenant.seller.contact.phone"),
    ("seller.contact.email", "BT-43", "seller's e-mail address", "tenant.seller.contact.email"),
    ("buyer.name", "BT-44", "customer's name", "customer.name"),
    ("buyer.trading_name", "BT-45", "customer's trading name", "document.buyer.trading_name"),
    ("buyer.identifiers.*.value", "BT-46", "customer's identifier", "customer.customerNumber"),
    ("buyer.registration.value", "BT-47", "customer's register number", "customer.registerNumber"),
    ("buyer.vat_id", "BT-48", "customer's VAT id", "customer.euTaxId"),
    # Only a seller's tax number and legal text have terms; a buyer's would be lost (checked there).
    ("buyer.endpoint.value", "BT-49", "customer's electronic address", "customer.email"),
    ("buyer.contact.name", "BT-56", "customer's contact", "customer.contactPerson.name"),
    (
        "buyer.contact.phone",
        "BT-57",
        "phone number of the customer's contact",
        "customer.contactPerson.phone",
    ),
    (
        "buyer.contact.email",
        "BT-58",
        "e-mail address of the customer's contact",
        "customer.contactPerson.email",
    ),
    ("payee.name", "BT-59", "payee's name", "document.payee"),
    ("payee.identifier.value", "BT-60", "payee's identifier", "document.payee"),
    ("payee.registration.value", "BT-61", "payee's register number", "document.payee"),
    (
        "tax_representative.name",
        "BT-62",
        "tax representative's name",
        "document.tax_representative",
    ),
    (
        "tax_representative.vat_id",
        "BT-63",
        "tax representative's VAT id",
        "document.tax_representative",
    ),
    ("delivery.name", "BT-70", "name of the recipient", "document.delivery.name"),
    ("delivery.location.value", "BT-71", "place of delivery", "document.delivery.location"),
)

_LINES: Final = (
    ("id", "BT-126", "line id", "document.lines"),
    ("note", "BT-127", "note", "contract.items"),
    ("object_identifier.value", "BT-128", "object identifier", "document.lines"),
    ("order_line", "BT-132", "order line", "document.lines"),
    ("accounting_reference", "BT-133", "accounting reference", "document.lines"),
    ("allowances.*.reason", "BT-139", "reason of a discount", "discount.reason"),
    ("charges.*.reason", "BT-144", "reason of a charge", "document.lines.charges"),
    ("name", "BT-153", "article name", "article.name"),
    ("description", "BT-154", "article description", "article.description"),
    ("article_number", "BT-155", "article number", "article.articleNumber"),
    (
        "buyer_article_number",
        "BT-156",
        "customer's article number",
        "document.lines.buyer_article_number",
    ),
    (
        "standard_identifier.value",
        "BT-157",
        "standard identifier",
        "document.lines.standard_identifier",
    ),
    ("classifications.*.code", "BT-158", "classification", "document.lines.classifications"),
    (
        "classifications.*.version",
        "BT-158",
        "version of a classification",
        "document.lines.classifications",
    ),
    ("attributes.*.name", "BT-160", "name of an attribute", "document.lines.attributes"),
    ("attributes.*.value", "BT-161", "value of an attribute", "document.lines.attributes"),
)

_ADDRESSES: Final = (
    ("seller", "seller's", (35, 36, 162, 37, 38, 39)),
    ("buyer", "customer's", (50, 51, 163, 52, 53, 54)),
    ("tax_representative", "tax representative's", (64, 65, 164, 66, 67, 68)),
    ("delivery", "recipient's", (75, 76, 165, 77, 78, 79)),
)
_ADDRESS_PARTS: Final = (
    ("line1", "street"),
    ("line2", "second address line"),
    ("line3", "third address line"),
    ("city", "city"),
    ("postcode", "post code"),
    ("subdivision", "region"),
)
# The tenant's settings are written with underscores, a customer's fields are not. What is not here
# can only be set in a document that is given as JSON.
_FILLED: Final = {
    "seller.address.line1": "tenant.seller.address.street",
    "seller.address.line2": "tenant.seller.address.extra",
    "seller.address.line3": "tenant.seller.address.extra",
    "seller.address.city": "tenant.seller.address.city",
    "seller.address.postcode": "tenant.seller.address.zip_code",
    "buyer.address.line1": "customer.billingAddress.street",
    "buyer.address.line2": "customer.billingAddress.extra",
    "buyer.address.line3": "customer.billingAddress.extra",
    "buyer.address.city": "customer.billingAddress.city",
    "buyer.address.postcode": "customer.billingAddress.zipCode",
}


def _field(path: str, term: str, what: str, mend: str) -> TextField:
    limit = PROSE if term in _PROSE_TERMS else LINE
    may_be_empty = path.endswith(_MAY_BE_EMPTY)
    return TextField(term, what, mend, limit, may_be_empty, is_reference=term in _REFERENCES)


def _addresses() -> dict[str, TextField]:
    fields = {}
    for owner, whose, terms in _ADDRESSES:
        for (name, what), term in zip(_ADDRESS_PARTS, terms, strict=True):
            path = f"{owner}.address.{name}"
            mend = _FILLED.get(path, f"document.{path}")
            fields[path] = _field(path, f"BT-{term}", f"{whose} {what}", mend)
    return fields


TEXT_FIELDS: Final[dict[str, TextField]] = {
    **{path: _field(path, term, what, mend) for path, term, what, mend in _DOCUMENT + _PARTIES},
    **_addresses(),
    **{f"lines.*.{path}": _field(path, term, what, mend) for path, term, what, mend in _LINES},
}
"""Each text of the document by its path."""
