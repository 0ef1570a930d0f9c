"""Laws of the customer account: bill, pay and return in any order, and nothing gets lost."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.unit.domain.builders import (
    COMPANY,
    TENANT,
    article,
    contract,
    drafts,
    item,
    only,
    view,
)

from faktura.domain.account import (
    AccountHead,
    AccountTransaction,
    balances_by_value_date,
    opened,
    recorded,
)
from faktura.domain.journal import Entry, balance
from faktura.domain.posting import (
    Settlement,
    invoice_entry,
    payment_entry,
    return_entry,
    return_fee_entry,
)
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact

BANK, FEES, IBAN = "1200", "4970", "DE02120300000000202051"


@dataclass
class Ledger:
    """What a tenant's books say about one customer."""

    head: AccountHead = field(default_factory=lambda: opened("EUR"))
    transactions: list[AccountTransaction] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    def record(self, fact: AccountFact, minor: int, on: date, entry: Entry) -> None:
        transaction, self.head = recorded(
            self.head,
            COMPANY.id,
            fact,
            Money(minor, "EUR"),
            value_date=on,
            text=entry.text,
            source=entry.key,
        )
        self.transactions.append(transaction)
        self.entries.append(entry)

    def account(self, number: str) -> int:
        return balance(leg for e in self.entries for leg in e.legs if leg.account == number)


class CustomerAccount(RuleBasedStateMachine):
    """A customer who is billed, pays, and whose debits come back, on days in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger()
        self.open: dict[str, int] = {}
        self.paid: dict[str, list[tuple[str, int]]] = {}
        self.fees = 0

    def settlement(self, number: str, minor: int, on: date, key: str) -> Settlement:
        return Settlement(
            key=f"{key}:{len(self.ledger.entries)}",
            document_id=None,
            document_number=number,
            customer_id=COMPANY.id,
            debtor=COMPANY.debtor_account,
            amount=Money(minor, "EUR"),
            value_date=on,
            bank_account=BANK,
            bank_iban=IBAN,
        )

    def day(self, offset: int) -> date:
        return date(2026, 11, 1) + timedelta(offset)

    @rule(price=st.decimals(Decimal("0.01"), Decimal(5_000), places=2))
    def bill(self, price: Decimal) -> None:
        number = f"R-{len(self.open) + 1}"
        billable = view(contract("01.11.2026"), item("01.11.2026", article(str(price))))
        draft = only(drafts(billable, "01.11.2026"))
        entry = invoice_entry(TENANT, draft, document_id=UUID(int=1), number=number)
        assert entry is not None
        self.ledger.record(AccountFact.INVOICE, draft.gross.minor, draft.issued_on, entry)
        self.open[number] = draft.gross.minor
        self.paid[number] = []

    @precondition(lambda self: any(self.open.values()))
    @rule(data=st.data(), offset=st.integers(-10, 40))
    def pay(self, data: st.DataObject, offset: int) -> None:
        number = data.draw(st.sampled_from([n for n, rest in self.open.items() if rest]))
        minor = data.draw(st.integers(1, self.open[number]))
        settled = self.settlement(number, minor, self.day(offset), "pay")
        self.ledger.record(
            AccountFact.PAYMENT, -minor, settled.value_date, payment_entry(TENANT, settled)
        )
        self.open[number] -= minor
        self.paid[number].append((settled.key, minor))

    @precondition(lambda self: any(self.paid.values()))
    @rule(data=st.data(), offset=st.integers(0, 60), fee=st.integers(1, 900))
    def come_back(self, data: st.DataObject, offset: int, fee: int) -> None:
        number = data.draw(st.sampled_from([n for n, payments in self.paid.items() if payments]))
        key, minor = self.paid[number].pop()
        back = self.settlement(number, minor, self.day(offset), "ret")
        entry = return_entry(TENANT, back, reverses_key=key)
        self.ledger.record(AccountFact.RETURN, minor, back.value_date, entry)
        cost = self.settlement(number, fee, back.value_date, "fee")
        self.ledger.entries.append(return_fee_entry(TENANT, cost))
        self.open[number] += minor
        self.fees += fee

    @invariant()
    def account_open_items_and_receivables_agree(self) -> None:
        assert self.ledger.head.balance.minor == sum(self.open.values())
        assert self.ledger.account("1400") == sum(self.open.values())

    @invariant()
    def debits_equal_credits_and_fees_are_a_cost(self) -> None:
        assert all(balance(entry.legs) == 0 for entry in self.ledger.entries)
        assert self.ledger.account(FEES) == self.fees
        received = sum(minor for payments in self.paid.values() for _, minor in payments)
        assert self.ledger.account(BANK) == received - self.fees

    @invariant()
    def both_orders_end_with_the_same_balance(self) -> None:
        transactions = self.ledger.transactions
        running = Money(0, "EUR")
        for number, transaction in enumerate(transactions, 1):
            running += transaction.amount
            assert (transaction.no, transaction.balance_after) == (number, running)
        by_value = balances_by_value_date(transactions, "EUR")
        assert not by_value or by_value[-1][1] == running


TestCustomerAccount = CustomerAccount.TestCase
