"""Lines of an invoice document, and the allowances and charges lines and document share."""

from decimal import Decimal

from faktura.kernel.terms import TaxCategory
from faktura.plugin.document_parties import DocumentPeriod, Identifier
from faktura.plugin.dto import Dto


class Allowance(Dto):
    """An allowance (BG-20, BG-27) or a charge (BG-21, BG-28).

    On the document: amount BT-92/99, base BT-93/100, percent BT-94/101, VAT category BT-95/102 and
    rate BT-96/103, reason BT-97/104, reason code BT-98/105. On a line, without VAT: BT-136/141,
    137/142, 138/143, 139/144, 140/145. Both percent and base or neither (R041, R042).
    """

    amount: Decimal
    base: Decimal | None = None
    percent: Decimal | None = None
    reason: str | None = None
    reason_code: str | None = None
    vat_category: TaxCategory | None = None
    vat_rate: Decimal | None = None


class ItemClassification(Dto):
    """BT-158: a class of the item, its list (UNTDID 7143) and that list's version."""

    code: str
    scheme: str
    version: str | None = None


class ItemAttribute(Dto):
    """BG-32: name BT-160 and value BT-161."""

    name: str
    value: str


class DocumentLine(Dto):
    """BG-25: one line.

    id BT-126, note BT-127, object_identifier BT-128, quantity BT-129, unit BT-130 (UN/ECE Rec 20),
    net BT-131, order_line BT-132, accounting_reference BT-133, period BG-26, allowances BG-27,
    charges BG-28, price BT-146, price_discount BT-147, gross_price BT-148, price_base BT-149,
    vat_category BT-151, vat_rate BT-152 (None only for O), name BT-153, description BT-154,
    article_number BT-155, buyer_article_number BT-156, standard_identifier BT-157,
    classifications BT-158, origin_country BT-159, attributes BG-32.
    """

    id: str
    note: str | None = None
    object_identifier: Identifier | None = None
    quantity: Decimal
    unit_code: str
    net: Decimal
    order_line: str | None = None
    accounting_reference: str | None = None
    period: DocumentPeriod | None = None
    allowances: tuple[Allowance, ...] = ()
    charges: tuple[Allowance, ...] = ()
    price: Decimal
    price_discount: Decimal | None = None
    gross_price: Decimal | None = None
    price_base: Decimal = Decimal(1)
    vat_category: TaxCategory
    vat_rate: Decimal | None
    name: str
    description: str | None = None
    article_number: str | None = None
    buyer_article_number: str | None = None
    standard_identifier: Identifier | None = None
    classifications: tuple[ItemClassification, ...] = ()
    origin_country: str | None = None
    attributes: tuple[ItemAttribute, ...] = ()
