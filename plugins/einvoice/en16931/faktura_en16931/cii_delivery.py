"""What was delivered where and when, in CII: ApplicableHeaderTradeDelivery (BG-13, BT-15, BT-16)."""

from lxml import etree

from faktura.plugin import InvoiceDocument
from faktura_en16931.cii_elements import group, put_day, put_nested
from faktura_en16931.cii_parties import put_delivery_party


def put_delivery(transaction: etree._Element, document: InvoiceDocument) -> None:
    """The header delivery, in the order of HeaderTradeDeliveryType."""
    # The schema demands this element, so without a delivery it is the one that may stand empty.
    element = group(transaction, "ApplicableHeaderTradeDelivery")
    delivery = document.delivery
    if delivery is not None:
        put_delivery_party(element, delivery)
        if delivery.on:
            event = group(element, "ActualDeliverySupplyChainEvent")
            put_day(event, "OccurrenceDateTime", delivery.on)
    for name, number in (
        ("DespatchAdviceReferencedDocument", document.despatch_reference),
        ("ReceivingAdviceReferencedDocument", document.receiving_reference),
    ):
        put_nested(element, name, "IssuerAssignedID", number)
