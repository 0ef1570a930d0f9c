"""A customer's account as data, in either order (F090, F091)."""

from typing import Annotated, Self

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.kernel.terms import AccountFact
from faktura.services.customers import AccountOrder, AccountRow
from faktura.services.debtor_statements import AskedAccount, DebtorStatement, debtor_statements
from faktura.services.imports.checks import Fields
from faktura.services.imports.value_fields import Day as GivenDay
from faktura.services.imports.value_fields import as_word
from faktura.web.api.call import Call, Nothing
from faktura.web.api.operation import Resource
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import AmountText, Currency, Day, Moment

CUSTOMER_ACCOUNTS = Resource("CustomerAccounts", "What customers owe, fact by fact.")


class CustomerAccountQuery(Fields):
    """In which order, and which days of that order."""

    order: Annotated[AccountOrder, as_word(AccountOrder)] = Field(
        default=AccountOrder.VALUE, description="By value date, or as it was recorded."
    )
    from_: GivenDay | None = Field(default=None, alias="from", description="The first day.")
    until: GivenDay | None = Field(default=None, description="The last day, inclusive.")


class AccountRowAnswer(Answer):
    """A fact on the account."""

    no: int = Field(description="Its place in recording order, from 1.")
    fact: AccountFact
    value_date: Day = Field(description="The day from which it counts.")
    recorded_at: Moment = Field(description="When it was recorded.")
    text: str = Field(description="What happened.")
    amount: AmountText = Field(description="Positive is owed to us.")
    balance: AmountText = Field(description="The balance after it, in the order asked for.")
    remittance: str | None = Field(description="The payer's own text.")

    @classmethod
    def of(cls, row: AccountRow) -> Self:
        """The answer."""
        done = row.transaction
        return cls(
            no=done.no,
            fact=done.fact,
            value_date=done.value_date,
            recorded_at=row.recorded_at,
            text=done.text,
            amount=done.amount,
            balance=row.balance,
            remittance=done.remittance,
        )


class CurrencyAccountAnswer(Answer):
    """The account in one currency; rows that are left out count in the opening."""

    currency: Currency
    opening: AmountText = Field(description="The balance before the first row.")
    rows: tuple[AccountRowAnswer, ...] = Field(description="In the order asked for.")
    closing: AmountText = Field(description="The balance after the last row.")

    @classmethod
    def of(cls, statement: DebtorStatement) -> Self:
        """The answer."""
        return cls(
            currency=statement.closing.currency,
            opening=statement.opening,
            rows=tuple(AccountRowAnswer.of(row) for row in statement.rows),
            closing=statement.closing,
        )


class CustomerAccountAnswer(Answer):
    """A customer's account."""

    customer_number: str = Field(description="Whose it is.")
    order: AccountOrder
    accounts: tuple[CurrencyAccountAnswer, ...] = Field(
        description="One for each currency that was ever used."
    )


@CUSTOMER_ACCOUNTS.get("/Customers/{customerNumber}/Account", Scope.CUSTOMERS_READ)
def customer_account(call: Call[CustomerAccountQuery, Nothing]) -> CustomerAccountAnswer:
    """Every fact of a customer's account with the balance after it, by value date or as recorded.

    A fact that comes late changes later balances by value date, never those in recording order.
    """
    query, number = call.query, call.path["customerNumber"]
    asked = AskedAccount(number, query.order, query.from_, query.until)
    found = debtor_statements(call.tx, call.tenant, asked)
    return CustomerAccountAnswer(
        customer_number=number,
        order=query.order,
        accounts=tuple(CurrencyAccountAnswer.of(one) for one in found),
    )
