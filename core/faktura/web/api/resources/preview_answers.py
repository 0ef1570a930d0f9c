"""What would be billed: invoices without a number, as a run of the day would issue them (F060)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Self

from pydantic import Field

from faktura.kernel.terms import ArticleUnit
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import Day, DecimalText, WrittenAmount


class LinePreview(Answer):
    """A line of an invoice that would be issued."""

    contract_number: str = Field(description="The contract that it is of.")
    article_number: str = Field(description="What is billed.")
    name: str = Field(description="The article's name.")
    from_: Day = Field(alias="from", description="The first day of the service.")
    until: Day = Field(description="The first day that no longer counts.")
    quantity: DecimalText = Field(description="How many are billed.")
    unit: ArticleUnit = Field(description="What one of it is.")
    price: DecimalText = Field(description="The unit price, without VAT.")
    price_base: DecimalText = Field(description="The price is for so many units.")
    discount: WrittenAmount = Field(description="What is taken off.")
    net: WrittenAmount = Field(description="Without VAT, the discount taken off.")
    tax_rate: DecimalText = Field(description="Per cent.")
    text: str = Field(description="What is printed below the name.")

    @classmethod
    def of(cls, line: Mapping[str, Any]) -> Self:
        """The answer; a draft's `to` is the last day, inclusive, as it is printed."""
        return cls(
            contract_number=line["contractNumber"],
            article_number=line["article"],
            name=line["name"],
            from_=line["from"],
            until=date.fromisoformat(line["to"]) + timedelta(days=1),
            quantity=line["quantity"],
            unit=line["unit"],
            price=line["price"],
            price_base=line["per"],
            discount=line["discount"],
            net=line["net"],
            tax_rate=line["vatRate"],
            text=line["text"],
        )


class InvoicePreview(Answer):
    """An invoice that would be issued."""

    customer_number: str = Field(description="Who is billed.")
    contract_number: str | None = Field(
        description="The contract; null for a collective invoice (F053)."
    )
    contract_numbers: tuple[str, ...] = Field(description="All its contracts, in their order.")
    issued_on: Day = Field(description="The day of the invoice.")
    due_on: Day = Field(description="The day by which it is to be paid.")
    currency: str = Field(description="ISO 4217.")
    net: WrittenAmount = Field(description="Without VAT.")
    tax: WrittenAmount = Field(description="The VAT.")
    gross: WrittenAmount = Field(description="With VAT.")
    lines: tuple[LinePreview, ...] = Field(description="What is billed.")

    @classmethod
    def of(cls, summary: Mapping[str, Any]) -> Self:
        """The answer, from the plain data of a draft."""
        return cls(
            customer_number=summary["customerNumber"],
            contract_number=summary["contractNumber"],
            contract_numbers=tuple(summary["contractNumbers"]),
            issued_on=summary["issuedOn"],
            due_on=summary["dueOn"],
            currency=summary["currency"],
            net=summary["net"],
            tax=summary["vat"],
            gross=summary["gross"],
            lines=tuple(LinePreview.of(line) for line in summary["lines"]),
        )


class PreviewAnswer(Answer):
    """What would be billed of a contract, and when something is next due after that."""

    invoices: tuple[InvoicePreview, ...] = Field(
        description="As the run would issue them; none where nothing is due."
    )
    next_due_on: Day | None = Field(description="When something is next due; null: never.")
