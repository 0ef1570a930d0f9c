"""Issued documents as the command line shows them: lists, heads, lines and payments."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from faktura.cli.cost_shape import cost_texts
from faktura.domain.discount_facts import applied_discounts
from faktura.domain.documents import DocumentRecord, LineRecord
from faktura.domain.explanation import explain
from faktura.kernel.terms import DocumentLinkKind
from faktura.store.document_links import LinkedDocument
from faktura.store.document_lists import DocumentRow
from faktura.store.invoice_details import InvoiceDetails, Settlement

Record = dict[str, object]


def row_record(row: DocumentRow, today: date) -> Record:
    """A document in a list; `open` is what is not settled, negative for credit."""
    return {
        "number": row.number,
        "kind": row.kind,
        "date": row.issued_on,
        "customer": row.customer_number,
        "name": row.customer_name,
        "contracts": row.contract_numbers,
        "gross": row.gross.decimal,
        "open": row.open.decimal,
        "currency": row.gross.currency,
        "due": row.due_on,
        "state": row.state(today),
        "dunningLevel": row.dunning_level,
    }


def head_record(details: InvoiceDetails, today: date) -> Record:
    """The head of a document, where its payment stands, and the documents it is linked to."""
    document = details.record
    buyer = document.snapshot["buyer"]
    return {
        "number": document.number,
        "kind": document.kind,
        "customer": buyer["name"] if isinstance(buyer, dict) else None,
        "contract": _contracts(document),
        "issued": document.issued_on,
        "due": document.due_on,
        "from": document.service.start,
        "to": document.service.last_day,
        "net": document.net.decimal,
        "vat": document.tax.decimal,
        "gross": document.gross.decimal,
        "currency": document.currency,
        "state": details.state(today),
        "open": details.open.decimal,
        "dunningLevel": details.dunning_level,
        "vatIdCheck": buyer.get("vatCheck") if isinstance(buyer, dict) else None,
        "reason": document.snapshot.get("reason"),
        **_links(details),
    }


# What a head has only sometimes, and shows people only then.
SOMETIMES = frozenset(
    {
        "reason",
        "dunningLevel",
        "vatIdCheck",
        "corrects",
        "correctedBy",
        "replaces",
        "replacedBy",
        "deducts",
        "deductedBy",
    }
)


def payment_record(settlement: Settlement) -> Record:
    """What counted for a document; a negative amount opened it again."""
    return {
        "no": settlement.no,
        "valueDate": settlement.value_date,
        "fact": settlement.fact,
        "amount": settlement.amount.decimal,
        "reverses": settlement.reverses_no,
    }


def line_record(document: DocumentRecord, line: LineRecord, *, with_reasons: bool) -> Record:
    """A line as it was issued, with each of its discounts; `to` is the last day it covers."""
    shown: Record = {
        "no": line.no,
        "contract": _contract_of(document, line.no),
        "article": line.article_number,
        "name": line.name,
        "text": line.description,
        "from": line.service.start,
        "to": line.service.last_day,
        "quantity": line.quantity,
        "unit": line.unit,
        "price": line.price,
        "per": line.base,
        "discount": line.discount.decimal,
        "discounts": _discounts(line),
        "net": line.net.decimal,
        "vat": f"{line.tax_rate} %",
        "costs": cost_texts(line.costs),
    }
    if with_reasons:
        why = explain(line)
        shown["explanation"] = {
            "calculation": why.calculation,
            "sources": why.sources,
            "recomputed": why.recomputed.decimal,
            "holds": why.holds,
            "derivation": line.derivation,
        }
    return shown


def line_row(record: Record) -> Record:
    """The line for a table: each discount with its reason, `3.00 Treue`."""
    discounts = cast("list[Mapping[str, object]]", record["discounts"])
    told = [f"{one['amount']} {one['reason']}".rstrip() for one in discounts]
    return {**record, "discount": "; ".join(told)}


def _discounts(line: LineRecord) -> list[Record]:
    if not line.discount:
        return []
    return [
        {"amount": one.amount.decimal, "reason": one.discount.reason}
        for one in applied_discounts(line.derivation)
        if one.amount
    ]


def _links(details: InvoiceDetails) -> Record:
    kinds = DocumentLinkKind
    return {
        "corrects": _numbers(details.names, kinds.CORRECTS),
        "correctedBy": _numbers(details.named_by, kinds.CORRECTS),
        "replaces": _numbers(details.names, kinds.REBILLS),
        "replacedBy": _numbers(details.named_by, kinds.REBILLS),
        "deducts": _numbers(details.names, kinds.DEDUCTS),
        "deductedBy": _numbers(details.named_by, kinds.DEDUCTS),
    }


def _numbers(linked: Iterable[LinkedDocument], why: DocumentLinkKind) -> list[str]:
    return [one.number for one in linked if one.why is why]


def _sections(document: DocumentRecord) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", document.snapshot.get("contracts") or [])


def _contracts(document: DocumentRecord) -> object:
    """The contract's number; of a collective invoice all of them (F053)."""
    sections = _sections(document)
    if not sections:
        return document.snapshot.get("contractNumber")
    return ", ".join(str(section["number"]) for section in sections)


def _contract_of(document: DocumentRecord, no: int) -> object:
    """The number of the contract that a line is of (F053)."""
    for section in _sections(document):
        if section["firstLine"] <= no <= section["lastLine"]:
            return section["number"]
    return document.snapshot.get("contractNumber")
