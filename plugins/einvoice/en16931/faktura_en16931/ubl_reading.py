"""Reading UBL 2.1: an Invoice or a CreditNote back into the document; what nobody reads is listed.

The inverse of `ubl.py`: of a document that the checks let pass, all but `printed` comes back.
"""

import re
from typing import Final

from lxml import etree

from faktura.kernel.errors import FileUnreadable, shortened
from faktura.plugin import (
    AttachedFile,
    Attachment,
    InvoiceDocument,
    Note,
    PrecedingInvoice,
    ReadDocument,
)
from faktura_en16931.codes import NOTE_SUBJECTS
from faktura_en16931.ubl_codes import NO_ORDER, OBJECT_REFERENCE, PROJECT_REFERENCE
from faktura_en16931.ubl_elements import CREDIT_NOTE, INVOICE, PARTS, Kind
from faktura_en16931.ubl_reading_lines import read_lines
from faktura_en16931.ubl_reading_parties import read_parties
from faktura_en16931.ubl_reading_payment import read_due_day, read_payment
from faktura_en16931.ubl_reading_totals import read_allowances, read_period, read_totals, read_vat
from faktura_en16931.xml_reading import Part, opened
from faktura_en16931.xml_unread import unread

_KINDS: Final = {kind.tag: kind for kind in (INVOICE, CREDIT_NOTE)}
_SUBJECT: Final = re.compile(r"#([A-Z0-9]{2,3})#(?=.*\S)", re.DOTALL)
_Fields = dict[str, object]


def read_ubl(root: etree._Element) -> ReadDocument:
    """The document of a UBL tree, by its root.

    Raises FileUnreadable for another root, FieldMissing, FieldInvalid, UnknownTerm,
    AmountUnreadable and DateUnreadable with term, path and line.
    """
    kind = _KINDS.get(str(root.tag))
    if kind is None:
        problem = f"“{shortened(root.tag)}” is neither a UBL Invoice nor a CreditNote"
        raise FileUnreadable(problem, mend="Give an invoice or a credit note in UBL 2.1")
    part = opened(root, PARTS)
    part.known("cbc:UBLVersionID", "2.1")
    process, specification = (
        part.code("cbc:ProfileID", "BT-23"),
        part.needed_code("cbc:CustomizationID", "BT-24"),
    )
    currency = part.needed_code("cbc:DocumentCurrencyCode", "BT-5")
    allowances, charges = read_allowances(part, currency)
    document = InvoiceDocument.model_validate(
        {
            **_header(part, kind),
            **_references(part),
            **read_parties(part),
            "currency": currency,
            "payment": read_payment(part),
            "payment_terms": part.text("cac:PaymentTerms/cbc:Note", "BT-20"),
            "allowances": allowances,
            "charges": charges,
            "totals": read_totals(part, currency),
            "vat": read_vat(part, currency),
            "lines": read_lines(part, kind, currency),
        }
    )
    return ReadDocument(
        document=document,
        syntax="UBL",
        process=process,
        specification=specification,
        unread=unread(part),
    )


def _header(part: Part, kind: Kind) -> _Fields:
    return {
        "number": part.needed_code("cbc:ID", "BT-1"),
        "issued_on": part.needed_day("cbc:IssueDate", "BT-2"),
        "type_code": part.needed_code(f"cbc:{kind.type_code}", "BT-3"),
        "tax_currency": part.code("cbc:TaxCurrencyCode", "BT-6"),
        "vat_point_on": part.day("cbc:TaxPointDate", "BT-7"),
        "vat_point_code": part.code("cac:InvoicePeriod/cbc:DescriptionCode", "BT-8"),
        "due_on": part.day("cbc:DueDate", "BT-9") or read_due_day(part),
        "buyer_reference": part.code("cbc:BuyerReference", "BT-10"),
        "accounting_reference": part.code("cbc:AccountingCost", "BT-19"),
        "period": read_period(part, "BT-73", "BT-74"),
        "notes": tuple(note for entry in part.parts("cbc:Note") if (note := _note(entry))),
    }


def _note(part: Part) -> Note | None:
    text = part.own_text("BT-22")
    if text is None:
        return None
    marked = _SUBJECT.match(text)
    # Only a known subject is one: “#NEU# ...” is a sentence.
    if marked and marked[1] in NOTE_SUBJECTS:
        return Note(text=text[marked.end() :], subject=marked[1])
    return Note(text=text)


def _references(part: Part) -> _Fields:
    order = part.code("cac:OrderReference/cbc:ID", "BT-13")
    sales_order = part.code("cac:OrderReference/cbc:SalesOrderID", "BT-14")
    typed = {
        code: reference
        for reference in reversed(part.parts("cac:AdditionalDocumentReference"))
        if (code := reference.peek("cbc:DocumentTypeCode"))
    }
    about, project = typed.get(OBJECT_REFERENCE), typed.get(PROJECT_REFERENCE)
    for reference in (about, project):
        if reference:
            reference.known("cbc:DocumentTypeCode", OBJECT_REFERENCE, PROJECT_REFERENCE)
    return {
        "order_reference": None if sales_order and order == NO_ORDER else order,
        "sales_order_reference": sales_order,
        "despatch_reference": part.code("cac:DespatchDocumentReference/cbc:ID", "BT-16"),
        "receiving_reference": part.code("cac:ReceiptDocumentReference/cbc:ID", "BT-15"),
        "tender_reference": part.code("cac:OriginatorDocumentReference/cbc:ID", "BT-17"),
        "contract_reference": part.code("cac:ContractDocumentReference/cbc:ID", "BT-12"),
        "project_reference": part.code("cac:ProjectReference/cbc:ID", "BT-11")
        or (project.code("cbc:ID", "BT-11") if project else None),
        "object_identifier": about.identifier("cbc:ID", "BT-18") if about else None,
        "preceding": tuple(
            PrecedingInvoice(
                number=reference.needed_code("cbc:ID", "BT-25"),
                issued_on=reference.day("cbc:IssueDate", "BT-26"),
            )
            for reference in part.parts("cac:BillingReference/cac:InvoiceDocumentReference")
        ),
        "attachments": tuple(
            _attachment(reference)
            for reference in part.parts("cac:AdditionalDocumentReference")
            if not reference.peek("cbc:DocumentTypeCode")
        ),
    }


def _attachment(part: Part) -> Attachment:
    embedded = part.part("cac:Attachment/cbc:EmbeddedDocumentBinaryObject")
    return Attachment(
        reference=part.needed_code("cbc:ID", "BT-122"),
        description=part.text("cbc:DocumentDescription", "BT-123"),
        location=part.code("cac:Attachment/cac:ExternalReference/cbc:URI", "BT-124"),
        file=_file(part, embedded) if embedded else None,
    )


def _file(part: Part, embedded: Part) -> AttachedFile:
    content = part.content("cac:Attachment/cbc:EmbeddedDocumentBinaryObject", "BT-125")
    return AttachedFile(
        filename=embedded.needed_attribute("filename", "BT-125"),
        media_type=embedded.needed_attribute("mimeCode", "BT-125"),
        content=content or b"",
    )
