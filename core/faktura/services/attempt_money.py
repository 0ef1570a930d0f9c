"""Money that a provider took for an attempt: paid, kept as credit, or not believed (payments 6.5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import ValidationError

from faktura.domain.attempts import Attempt
from faktura.domain.charts import account_of
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import zone
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.errors import BadInput
from faktura.kernel.money import Money
from faktura.kernel.terms import Slot
from faktura.plugin import Pending, Succeeded
from faktura.services.ledger import Ledger, Source
from faktura.services.payments import keep_credit, keep_fee, pay
from faktura.store.tasks import ask_once
from faktura.store.transaction import Tx


def agrees(attempt: Attempt, said: Succeeded | Pending) -> bool:
    """Whether a provider speaks of the money that it was asked for."""
    asked = attempt.amount
    return (said.amount, said.currency.upper()) == (asked.decimal, asked.currency)


def waits_for_fee(attempt: Attempt) -> bool:
    """Whether its provider took the money and said nothing of its fee so far."""
    try:
        return Succeeded.model_validate_json(attempt.outcome or "").fee is None
    except ValidationError:
        # Our bank paid it, or another release wrote it down: nobody knows what was booked.
        return False


@dataclass(frozen=True, slots=True)
class MoneyDesk:
    """Books what was taken; `accounts` are the ledger accounts of provider accounts that have one."""

    tx: Tx
    ledger: Ledger
    accounts: Mapping[str, str | None]

    @property
    def tenant(self) -> Tenant:
        """Whose books they are."""
        return self.ledger.tenant

    def settle(self, attempt: Attempt, number: str, said: Succeeded) -> None:
        """Pay the document as far as it is open; what it does not need stays visible as credit (P37)."""
        source = self._source(attempt, said.at)
        zero = Money.zero(attempt.amount.currency)
        part = min(attempt.amount, max(self.ledger.document(number).open, zero))
        if part:
            pay(self.ledger, source, number, part)
        rest = attempt.amount - part
        if rest:
            keep_credit(self.ledger, source, attempt.customer_id, rest)
            ask_once(
                self.tx,
                TaskKind.PAYMENT_UNEXPECTED,
                attempt.booking,
                f"{attempt.instance} took {attempt.amount} for {number}, of which {rest} were not open"
                " any more: they are the customer's credit. Refund them, or leave them to the next"
                " invoice.",
            )
        self.keep_fee(attempt, number, said)

    def keep_fee(self, attempt: Attempt, number: str, said: Succeeded) -> None:
        """Book what the provider keeps of the payment, where it says so."""
        source = self._source(attempt, said.at)
        keep_fee(self.ledger, source, number, self._fee(attempt, number, said))

    def doubt(self, attempt: Attempt, number: str, said: Succeeded | Pending) -> None:
        """Ask a person: what the provider speaks of is not what it was asked for."""
        ask_once(
            self.tx,
            TaskKind.PAYMENT_DIFFERS,
            attempt.booking,
            f"{attempt.instance} was asked for {attempt.amount} for {number} and speaks of"
            f" {said.amount} {said.currency}: nothing was booked. Compare {said.reference} there.",
        )

    def local_day(self, moment: datetime) -> date:
        """The tenant's day of a moment."""
        return moment.astimezone(zone(self.tenant.time_zone)).date()

    def _source(self, attempt: Attempt, at: datetime) -> Source:
        own = self.accounts.get(attempt.instance)
        account = own or account_of(self.tenant.chart, self.tenant.accounts, Slot.TRANSIT)
        return Source.at_provider(attempt.booking, self.local_day(at), account)

    def _fee(self, attempt: Attempt, number: str, said: Succeeded) -> Money:
        """What may be booked of it: a payment does not wait for a fee that makes no sense."""
        none = Money.zero(attempt.amount.currency)
        if said.fee is None:
            return none
        try:
            fee = Money.from_decimal(said.fee, attempt.amount.currency, field="fee")
        except BadInput:
            fee = None
        if fee is not None and fee.minor >= 0:
            return fee
        ask_once(
            self.tx,
            TaskKind.PAYMENT_DIFFERS,
            f"{attempt.booking}:fee",
            f"{attempt.instance} says a fee of {said.fee} {attempt.amount.currency} for {number}: the"
            f" payment was booked, the fee was not. Look at {said.reference} there, book it by hand.",
        )
        return none
