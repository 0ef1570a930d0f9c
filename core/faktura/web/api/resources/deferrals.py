"""Deferred revenue: what is deferred at a day, and what of it nobody paid yet (F108)."""

from itertools import islice
from typing import Any, Self

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.kernel.terms import DocumentKind
from faktura.services.deferral_reports import (
    OpenDeferral,
    ReportQuery,
    UnpaidDeferral,
    open_deferrals,
    unpaid_deferrals,
)
from faktura.services.imports.text_fields import Number
from faktura.services.imports.value_fields import Day as GivenDay
from faktura.web.api.call import Call, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.replies import Answer, Page, page
from faktura.web.api.shapes import AmountText, Currency, Day

DEFERRALS = Resource("Deferrals", "Revenue of issued documents that later months earn.")


class DeferralsQuery(Paged):
    """At which day, and of whom; several conditions hold together."""

    at: GivenDay | None = Field(default=None, description="At the end of this day; today.")
    customer_number: Number | None = Field(default=None, description="Of this customer.")


class DeferralAnswer(Answer):
    """What a document defers; amounts are net, and negative where revenue is taken back."""

    number: str = Field(description="The document's number.")
    kind: DocumentKind = Field(description="The document's kind.")
    customer_number: str = Field(description="Whose document it is.")
    customer_name: str = Field(description="The customer's name now.")
    issued_on: Day = Field(description="The document's date.")
    currency: Currency
    deferred: AmountText = Field(description="What the month of the document deferred.")
    released: AmountText = Field(description="What months that are over earned of it.")
    open: AmountText = Field(description="What is still deferred.")
    until: Day = Field(description="Day of the last release.")

    @classmethod
    def of(cls, found: OpenDeferral) -> Self:
        """The answer."""
        return cls(**_fields(found))


class UnpaidDeferralAnswer(DeferralAnswer):
    """What an invoice, less its corrections, defers though it is not fully paid."""

    unpaid: AmountText = Field(description="What is owed of it, gross.")
    not_received: AmountText = Field(
        description="The part of `open` that was not received, in the ratio of `unpaid`."
    )

    @classmethod
    def of_unpaid(cls, found: UnpaidDeferral) -> Self:
        """The answer."""
        return cls(**_fields(found.deferral), unpaid=found.unpaid, not_received=found.not_received)


def _fields(found: OpenDeferral) -> dict[str, Any]:
    return {
        "number": found.number,
        "kind": found.kind,
        "customer_number": found.customer_number,
        "customer_name": found.customer_name,
        "issued_on": found.issued_on,
        "currency": found.deferred.currency,
        "deferred": found.deferred,
        "released": found.released,
        "open": found.open,
        "until": found.until,
    }


@DEFERRALS.get("/Deferrals", Scope.ACCOUNTING_READ)
def deferral_list(call: Call[DeferralsQuery, Nothing]) -> Page[DeferralAnswer]:
    """Documents of which revenue is deferred at a day, by number, a page at a time."""
    limit = call.query.limit
    found = list(islice(open_deferrals(call.tx, _wanted(call)), limit + 1))
    return page(found, limit, lambda one: cursor_of(one.number), DeferralAnswer.of)


@DEFERRALS.get("/Deferrals/unpaid", Scope.ACCOUNTING_READ)
def deferral_list_unpaid(call: Call[DeferralsQuery, Nothing]) -> Page[UnpaidDeferralAnswer]:
    """Deferred revenue of invoices that are not fully paid at a day, by number, a page at a time.

    For the year's end: deferred income is of receipts only (HGB § 250 Abs. 2).
    """
    limit = call.query.limit
    found = list(islice(unpaid_deferrals(call.tx, _wanted(call)), limit + 1))
    return page(
        found, limit, lambda one: cursor_of(one.deferral.number), UnpaidDeferralAnswer.of_unpaid
    )


def _wanted(call: Call[DeferralsQuery, Nothing]) -> ReportQuery:
    query = call.query
    return ReportQuery(query.at or call.today, query.customer_number, query.after())
