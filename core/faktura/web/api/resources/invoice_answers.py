"""Issued documents as the API shows them: in a list, whole, and as a file."""

from base64 import b64encode
from datetime import date
from typing import Any, Self, cast
from uuid import UUID

from pydantic import Field

from faktura.domain.documents import LineRecord
from faktura.domain.payment_state import PaymentState
from faktura.flows.document_file import DocumentFile
from faktura.kernel.terms import (
    AccountFact,
    ArticleUnit,
    DocumentKind,
    DocumentLinkKind,
    TaxCase,
    TaxCategory,
)
from faktura.store.document_lists import DocumentRow
from faktura.store.documents import Rendering
from faktura.store.invoice_details import InvoiceDetails, Settlement, TaxRow
from faktura.web.api.replies import Answer
from faktura.web.api.resources.cost_answers import CostShareAnswer
from faktura.web.api.resources.frozen_vat_checks import FrozenVatCheckAnswer
from faktura.web.api.resources.invoice_link_answers import InvoiceLinkAnswer
from faktura.web.api.shapes import AmountText, Currency, Day, DecimalText


class InvoiceSummary(Answer):
    """An issued document in a list."""

    number: str = Field(description="The document's number, unique and without gaps.")
    kind: DocumentKind
    customer_number: str = Field(description="Who is billed.")
    customer_name: str = Field(description="The customer's name of today.")
    contract_number: str | None = Field(
        description="The contract that it bills; null for several, and where it bills none."
    )
    contract_numbers: tuple[str, ...] = Field(
        description="All contracts that it bills: several on a collective invoice (F053)."
    )
    issued_on: Day = Field(description="The document's date.")
    due_on: Day = Field(description="The last day on which it is paid in time.")
    currency: Currency
    net: AmountText = Field(description="Sum of the lines, without VAT.")
    tax: AmountText = Field(description="VAT.")
    gross: AmountText = Field(description="What is owed for it.")
    open: AmountText = Field(description="What is not settled; negative is credit.")
    state: PaymentState = Field(description="Where the payment stands today.")
    dunning_level: int = Field(description="How far it was dunned; 0: never (F083).")

    @classmethod
    def of(cls, row: DocumentRow, today: date) -> Self:
        """The answer; `today` is a local date."""
        return cls(
            number=row.number,
            kind=row.kind,
            customer_number=row.customer_number,
            customer_name=row.customer_name,
            contract_number=row.contract_number,
            contract_numbers=row.contract_numbers,
            issued_on=row.issued_on,
            due_on=row.due_on,
            currency=row.gross.currency,
            net=row.net,
            tax=row.tax,
            gross=row.gross,
            open=row.open,
            state=row.state(today),
            dunning_level=row.dunning_level,
        )


class InvoiceLineAnswer(Answer):
    """A line as it was issued; `until` is the first day that it does not cover."""

    no: int = Field(description="Counts the lines from 1.")
    article_number: str = Field(description="The article's number.")
    name: str = Field(description="The article's name.")
    description: str = Field(description="Further text below the name.")
    quantity: DecimalText = Field(description="How many units.")
    unit: ArticleUnit
    price: DecimalText = Field(description="Net, for `priceBase` units.")
    price_base: DecimalText = Field(description="The price is for so many units.")
    discount: AmountText = Field(description="What was taken off.")
    net: AmountText = Field(description="The line's amount without VAT, discount taken off.")
    tax_case: TaxCase
    tax_category: TaxCategory
    tax_rate: DecimalText = Field(description="Per cent.")
    from_: Day = Field(alias="from", description="The first day of the service.")
    until: Day = Field(description="The first day after the service.")
    cost_centre: str | None = Field(description="The one cost centre that counts all of it.")
    costs: tuple[CostShareAnswer, ...] = Field(description="Where accounting counts the revenue.")

    @classmethod
    def of(cls, line: LineRecord) -> Self:
        """The answer."""
        return cls(
            no=line.no,
            article_number=line.article_number,
            name=line.name,
            description=line.description,
            quantity=line.quantity,
            unit=line.unit,
            price=line.price,
            price_base=line.base,
            discount=line.discount,
            net=line.net,
            tax_case=line.tax_case,
            tax_category=line.tax_category,
            tax_rate=line.tax_rate,
            from_=line.service.start,
            until=line.service.end,
            cost_centre=line.cost_centre,
            costs=CostShareAnswer.all_of(line.costs),
        )


class InvoiceTaxAnswer(Answer):
    """A row of the VAT table: VAT is computed once for each category and rate."""

    category: TaxCategory
    rate: DecimalText = Field(description="Per cent.")
    taxable: AmountText = Field(description="Sum of the lines of this category and rate.")
    tax: AmountText = Field(description="VAT on that sum.")
    reason: str = Field(description="Why no VAT is charged, as printed; empty where it is.")

    @classmethod
    def of(cls, row: TaxRow) -> Self:
        """The answer."""
        return cls(
            category=row.category,
            rate=row.rate,
            taxable=row.taxable,
            tax=row.tax,
            reason=row.reason,
        )


class InvoicePaymentAnswer(Answer):
    """What counted for the document: a payment, or negative what took one back."""

    no: int = Field(description="Counts what happened to the document from 1.")
    fact: AccountFact
    value_date: Day = Field(description="The day from which it counts.")
    amount: AmountText = Field(description="What it settled; negative opens the document again.")
    bank_transaction: UUID | None = Field(description="Id of the bank movement it came with.")
    reverses: int | None = Field(description="The `no` of what it took back.")

    @classmethod
    def of(cls, settlement: Settlement) -> Self:
        """The answer."""
        return cls(
            no=settlement.no,
            fact=settlement.fact,
            value_date=settlement.value_date,
            amount=settlement.amount,
            bank_transaction=settlement.movement_id,
            reverses=settlement.reverses_no,
        )


class InvoiceRenderingAnswer(Answer):
    """A stored file of the document."""

    format: str = Field(description="Name of the format, such as `xrechnung-cii`.")
    media_type: str = Field(description="Media type of the file.")
    rule_set: str = Field(description="Version of the format's rules that it follows.")
    sha256: str = Field(description="Hash of the file's bytes, in hexadecimal.")
    size: int = Field(description="Bytes.")

    @classmethod
    def of(cls, rendering: Rendering) -> Self:
        """The answer."""
        return cls(
            format=rendering.format,
            media_type=rendering.media_type,
            rule_set=rendering.rule_set,
            sha256=rendering.sha256.hex(),
            size=rendering.size,
        )


_linked = InvoiceLinkAnswer.all_of


class InvoiceAnswer(Answer):
    """An issued document as it was frozen, and what happened to it since."""

    number: str = Field(description="The document's number, unique and without gaps.")
    kind: DocumentKind
    customer_number: str = Field(description="Who is billed.")
    customer_name: str = Field(description="The customer's name as printed.")
    contract_number: str | None = Field(
        description="The contract that it bills; null for several, and where it bills none."
    )
    contract_numbers: tuple[str, ...] = Field(
        description="All contracts that it bills: several on a collective invoice (F053)."
    )
    project: str | None = Field(description="The key of the contract's project.")
    billing_run: UUID | None = Field(description="Id of the billing run that issued it.")
    issued_on: Day = Field(description="The document's date.")
    due_on: Day = Field(description="The last day on which it is paid in time.")
    from_: Day = Field(alias="from", description="The first day of service of all lines.")
    until: Day = Field(description="The first day after the service of all lines.")
    currency: Currency
    net: AmountText = Field(description="Sum of the lines, without VAT.")
    tax: AmountText = Field(description="VAT.")
    gross: AmountText = Field(description="What is owed for it.")
    open: AmountText = Field(description="What is not settled; negative is credit.")
    state: PaymentState = Field(description="Where the payment stands today.")
    dunning_level: int = Field(description="How far it was dunned; 0: never (F083).")
    vat_id_check: FrozenVatCheckAnswer | None = Field(
        description="What was known of the buyer's VAT id when it was issued; null: nothing (F120)."
    )
    lines: tuple[InvoiceLineAnswer, ...] = Field(description="What is billed.")
    taxes: tuple[InvoiceTaxAnswer, ...] = Field(description="The VAT table.")
    payments: tuple[InvoicePaymentAnswer, ...] = Field(description="What settled it, in order.")
    reason: str | None = Field(description="On a correction: why it was made.")
    corrects: tuple[InvoiceLinkAnswer, ...] = Field(description="What it takes back (BG-3).")
    corrected_by: tuple[InvoiceLinkAnswer, ...] = Field(description="What takes it back.")
    replaces: tuple[InvoiceLinkAnswer, ...] = Field(description="What it was issued anew for.")
    replaced_by: tuple[InvoiceLinkAnswer, ...] = Field(description="What was issued in its place.")
    documents: tuple[InvoiceRenderingAnswer, ...] = Field(
        description="The files that were made of it so far."
    )

    @classmethod
    def of(cls, details: InvoiceDetails, today: date) -> Self:
        """The answer; `today` is a local date."""
        record = details.record
        buyer = cast("dict[str, Any]", record.snapshot["buyer"])
        return cls(
            number=record.number,
            kind=record.kind,
            customer_number=details.customer_number,
            customer_name=buyer["name"],
            contract_number=details.contract_number,
            contract_numbers=details.contract_numbers,
            project=details.project_key,
            billing_run=details.run_id,
            issued_on=record.issued_on,
            due_on=record.due_on,
            from_=record.service.start,
            until=record.service.end,
            currency=record.currency,
            net=record.net,
            tax=record.tax,
            gross=record.gross,
            open=details.open,
            state=details.state(today),
            dunning_level=details.dunning_level,
            vat_id_check=FrozenVatCheckAnswer.of(buyer),
            lines=tuple(InvoiceLineAnswer.of(line) for line in record.lines),
            taxes=tuple(InvoiceTaxAnswer.of(row) for row in details.taxes),
            payments=tuple(InvoicePaymentAnswer.of(one) for one in details.settlements),
            reason=cast("str | None", record.snapshot.get("reason")),
            corrects=_linked(details.names, DocumentLinkKind.CORRECTS),
            corrected_by=_linked(details.named_by, DocumentLinkKind.CORRECTS),
            replaces=_linked(details.names, DocumentLinkKind.REBILLS),
            replaced_by=_linked(details.named_by, DocumentLinkKind.REBILLS),
            documents=tuple(InvoiceRenderingAnswer.of(one) for one in details.renderings),
        )


class InvoiceFileAnswer(Answer):
    """A file of a document, inside JSON."""

    format: str = Field(description="Name of the format.")
    media_type: str = Field(description="Media type of the file.")
    file_name: str = Field(description="What the file is called.")
    size: int = Field(description="Bytes, before they were written in base64.")
    sha256: str = Field(description="Hash of the bytes, in hexadecimal.")
    content: str = Field(
        description="The bytes in base64.", json_schema_extra={"contentEncoding": "base64"}
    )

    @classmethod
    def of(cls, file: DocumentFile) -> Self:
        """The answer."""
        return cls(
            format=file.rendering.format,
            media_type=file.rendering.media_type,
            file_name=file.name,
            size=file.rendering.size,
            sha256=file.rendering.sha256.hex(),
            content=b64encode(file.content).decode(),
        )
