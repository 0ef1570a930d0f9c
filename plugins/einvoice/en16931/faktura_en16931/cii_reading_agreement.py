"""Reading ApplicableHeaderTradeAgreement: parties, references and attached files (BT-10 to BT-18)."""

from faktura.plugin import AttachedFile, Attachment, Identifier
from faktura_en16931.cii_codes import OBJECT, PROJECT_NAME, SUPPORTING_DOCUMENT, TENDER
from faktura_en16931.cii_reading_parties import read_party, read_tax_representative
from faktura_en16931.party_terms import BUYER, SELLER
from faktura_en16931.xml_reading import Part

_DOCUMENT = "ram:AdditionalReferencedDocument"
_ID = "ram:IssuerAssignedID"
_FILE = "ram:AttachmentBinaryObject"


def read_agreement(agreement: Part) -> dict[str, object]:
    """Fields of the invoice document by their name."""
    documents = agreement.parts(_DOCUMENT)
    return {
        "buyer_reference": agreement.text("ram:BuyerReference", "BT-10"),
        "seller": read_party(agreement.need("ram:SellerTradeParty", "BG-4"), SELLER),
        "buyer": read_party(agreement.need("ram:BuyerTradeParty", "BG-7"), BUYER),
        "tax_representative": read_tax_representative(
            agreement.part("ram:SellerTaxRepresentativeTradeParty")
        ),
        "sales_order_reference": agreement.code(
            f"ram:SellerOrderReferencedDocument/{_ID}", "BT-14"
        ),
        "order_reference": agreement.code(f"ram:BuyerOrderReferencedDocument/{_ID}", "BT-13"),
        "contract_reference": agreement.code(f"ram:ContractReferencedDocument/{_ID}", "BT-12"),
        "project_reference": _project(agreement),
        "tender_reference": _tender(documents),
        "object_identifier": read_object(documents, "BT-18"),
        "attachments": tuple(
            _attachment(part) for part in _of_type(documents, SUPPORTING_DOCUMENT)
        ),
    }


def read_object(documents: list[Part], term: str) -> Identifier | None:
    """What is invoiced, BT-18 or BT-128; its scheme is the type of reference."""
    for part in _of_type(documents, OBJECT):
        value = part.code(_ID, term)
        if value is not None:
            part.known("ram:TypeCode", OBJECT)
            return Identifier(value=value, scheme=part.code("ram:ReferenceTypeCode", f"{term}-1"))
    return None


def _of_type(documents: list[Part], code: str) -> list[Part]:
    return [part for part in documents if part.peek("ram:TypeCode") == code]


def _project(agreement: Part) -> str | None:
    project = agreement.part("ram:SpecifiedProcuringProject")
    if project is None:
        return None
    project.known("ram:Name", PROJECT_NAME)
    return project.code("ram:ID", "BT-11")


def _tender(documents: list[Part]) -> str | None:
    for part in _of_type(documents, TENDER):
        number = part.code(_ID, "BT-17")
        if number is not None:
            part.known("ram:TypeCode", TENDER)
            return number
    return None


def _attachment(part: Part) -> Attachment:
    part.known("ram:TypeCode", SUPPORTING_DOCUMENT)
    return Attachment(
        reference=part.needed_code(_ID, "BT-122"),
        description=part.text("ram:Name", "BT-123"),
        location=part.code("ram:URIID", "BT-124"),
        file=_file(part),
    )


def _file(part: Part) -> AttachedFile | None:
    content = part.content(_FILE, "BT-125")
    file = part.part(_FILE)
    if content is None or file is None:
        return None
    return AttachedFile(
        filename=file.needed_attribute("filename", "BT-125-2"),
        media_type=file.needed_attribute("mimeCode", "BT-125-1"),
        content=content,
    )
