"""Letters to customers: the statement of an account, a reminder of what is overdue (F090, F091)."""

import asyncio
from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from faktura.domain.api_keys import Scope
from faktura.flows.letters import (
    Letter,
    Letters,
    reminder_letter,
    statement_letter,
)
from faktura.services.account_statement import AskedStatement
from faktura.services.imports.checks import Fields
from faktura.services.imports.text_fields import Currency
from faktura.services.imports.value_fields import Count, Day
from faktura.services.reminders import AskedReminder
from faktura.web.api.call import Flow, Nothing
from faktura.web.api.operation import Resource
from faktura.web.api.replies import File

LETTERS = Resource("Letters", "What a customer is written besides invoices, as PDF.")

_ONE = "/Customers/{customerNumber}"
_Level = Annotated[Count, WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 3})]


class StatementQuery(Fields):
    """Which days, by value date."""

    from_: Day = Field(alias="from", description="The first day.")
    until: Day = Field(description="The last day, inclusive.")
    currency: Currency | None = Field(
        default=None, description="Which account; needed where the customer has several."
    )


class ReminderQuery(Fields):
    """How earnest, and when."""

    level: _Level = Field(
        default=0, description="0 is a reminder to pay, 1 to 3 are dunning levels."
    )
    on: Day | None = Field(default=None, description="The letter's day; left out: today.")
    pay_by: Day | None = Field(
        default=None, description="The last day to pay; left out: seven days later."
    )
    currency: Currency | None = Field(
        default=None, description="Which documents; needed where several currencies are overdue."
    )


@LETTERS.get(f"{_ONE}/AccountStatement", Scope.CUSTOMERS_READ)
async def customer_account_statement(call: Flow[StatementQuery, Nothing]) -> File:
    """The customer's account between two days: balance before, transactions, balance after."""
    query = call.query
    asked = AskedStatement(call.path["customerNumber"], query.from_, query.until, query.currency)
    return _file(await asyncio.to_thread(statement_letter, _letters(call), asked))


@LETTERS.get(f"{_ONE}/Reminder", Scope.INVOICES_READ)
async def customer_reminder(call: Flow[ReminderQuery, Nothing]) -> File:
    """A reminder of the documents that are overdue; a key of one project writes about its own.

    Nothing is booked and no level changes.
    """
    query = call.query
    asked = AskedReminder(
        call.path["customerNumber"], query.level, query.on, query.pay_by, query.currency
    )
    projects = call.access.projects
    return _file(await asyncio.to_thread(reminder_letter, _letters(call), asked, projects))


def _letters(call: Flow[Any, Any]) -> Letters:
    app, tenant = call.app, call.tenant
    return Letters(app.database, app.adapters.formats(tenant.id), tenant)


def _file(letter: Letter) -> File:
    return File(letter.content, letter.media_type, letter.name)
