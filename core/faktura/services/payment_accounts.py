"""Accounts at providers: set up, paused, resumed, removed; refused when they could not collect (O18).

What an adapter cannot do is refused here, by day, and not in a run at night.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from faktura.domain.attempts import LIVE
from faktura.domain.payment_accounts import AccountLimits, PaymentAccount
from faktura.domain.references import checked_creditor_id
from faktura.domain.tenants import Tenant
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.errors import (
    Conflict,
    FieldInvalid,
    FieldMissing,
    TransitionRefused,
)
from faktura.kernel.payment_terms import ProviderState
from faktura.kernel.terms import PaymentMethod
from faktura.services.ledger_accounts import check_length
from faktura.services.payment_events import tell_of_account
from faktura.store.attempts import AttemptFilter, list_attempts
from faktura.store.contract_methods import billed_currencies, contract_paid_by
from faktura.store.payment_accounts import (
    list_accounts,
    lock_account,
    remove_account,
    rewrite_account,
    write_account,
)
from faktura.store.payment_means import count_means_at
from faktura.store.refunds_at_provider import refund_under_way
from faktura.store.tasks import finish_open
from faktura.store.tenants import lock_tenant
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Served:
    """What the tenant's accounts are set up for, whether they collect just now or not."""

    accounts: Sequence[PaymentAccount]

    def check(self, method: PaymentMethod | None, currency: str | None = None) -> None:
        """Raise FieldInvalid where no account serves the method, or none in this currency.

        Transfers need none. A tenant without accounts collects nothing yet: its customers keep the
        methods that they are imported with, and the choice says so of each document.
        """
        if method in (None, PaymentMethod.TRANSFER) or not self.accounts:
            return
        serving = [one for one in self.accounts if method in one.methods]
        if not serving:
            words = sorted({word for one in self.accounts for word in one.methods})
            raise FieldInvalid(
                f"no payment account serves {method}",
                place="paymentMethod",
                mend=f"Served: TRANSFER, {', '.join(words)}; or add one: faktura payments accounts"
                " add",
            )
        if currency is not None and not any(one.takes(currency) for one in serving):
            raise FieldInvalid(
                f"{', '.join(one.instance for one in serving)} collects no {currency} by {method}",
                place="paymentMethod",
                mend="Let it be paid by TRANSFER, or add an account that collects it",
            )

    def check_contract(
        self, own: PaymentMethod | None, of_customer: PaymentMethod, currency: str
    ) -> None:
        """The same for a contract; a method that it leaves to the customer was looked at there."""
        inherited = any(of_customer in one.methods for one in self.accounts)
        if own is not None or inherited:
            self.check(own or of_customer, currency)


def served(tx: Tx) -> Served:
    """What the tenant's accounts are set up for now."""
    return Served(list_accounts(tx))


def check_served(tx: Tx, method: PaymentMethod, currency: str | None = None) -> None:
    """Raise FieldInvalid where no account of the tenant serves the method; see `Served`."""
    served(tx).check(method, currency)


def add_account(tx: Tx, wanted: PaymentAccount, limits: AccountLimits) -> PaymentAccount:
    """Set up an account that collects from now on; `limits` are what its adapter can do.

    Without `currencies` it is for all that its adapter can. Raises FieldInvalid, FieldMissing,
    Conflict, NumberTaken.
    """
    tenant = lock_tenant(tx)
    new = replace(wanted, currencies=wanted.currencies or limits.currencies)
    _check_able(tx, tenant, wanted, limits)
    _check_alone(tx, new)
    if limits.files_debits:
        _check_creditor(tenant)
    if new.ledger_account is not None:
        check_length(tx, new.ledger_account, field="ledgerAccount")
    write_account(tx, new)
    tell_of_account(tx, new, "ADDED")
    return new


def pause_account(tx: Tx, instance: str, reason: str) -> PaymentAccount:
    """Collect nothing over the account until it is resumed; what is under way goes on."""
    lock_tenant(tx)
    account = lock_account(tx, instance)
    paused = replace(account, state=ProviderState.PAUSED, problem=reason)
    if paused != account:
        rewrite_account(tx, paused)
        tell_of_account(tx, paused, "PAUSED")
    return paused


def resume_account(tx: Tx, instance: str, limits: AccountLimits) -> PaymentAccount:
    """Collect over the account again; what it could not do by now is refused as when it was added."""
    tenant = lock_tenant(tx)
    account = lock_account(tx, instance)
    if account.state is ProviderState.ACTIVE:
        return account
    _check_able(tx, tenant, account, limits)
    _check_alone(tx, account)
    active = replace(account, state=ProviderState.ACTIVE, problem=None)
    rewrite_account(tx, active)
    finish_open(tx, TaskKind.PROVIDER_BROKEN, instance)
    tell_of_account(tx, active, "RESUMED")
    return active


def remove_payment_account(tx: Tx, instance: str) -> PaymentAccount:
    """Forget an account; raises Conflict while money is under way over it or a means can be used."""
    lock_tenant(tx)
    account = lock_account(tx, instance)
    live = list_attempts(tx, AttemptFilter(states=LIVE, instance=instance), limit=1)
    if live:
        raise Conflict(
            f"the payment of {live[0][1]} over {instance} is under way",
            place="instance",
            mend="Pause the account, and remove it once all payments are decided",
        )
    refund = refund_under_way(tx, instance)
    if refund is not None:
        raise Conflict(
            f"the refund {refund} over {instance} is under way",
            place="instance",
            mend="Nobody could ask what became of it: faktura payments refunds resolve",
        )
    kept = count_means_at(tx, instance)
    if kept:
        raise Conflict(
            f"{instance} keeps {kept} means of payment of customers",
            place="instance",
            mend="Pause the account instead, or forget them: faktura payments means forget",
        )
    remove_account(tx, instance)
    tell_of_account(tx, account, "REMOVED")
    return account


def _check_able(tx: Tx, tenant: Tenant, wanted: PaymentAccount, limits: AccountLimits) -> None:
    """Raise FieldInvalid for a method or currency that the adapter lacks."""
    if not wanted.methods or PaymentMethod.TRANSFER in wanted.methods:
        raise FieldInvalid(
            "an account serves at least one method, and transfers need none", place="methods"
        )
    lacking = sorted(wanted.methods - limits.methods)
    if lacking:
        raise FieldInvalid(
            f"{wanted.provider} cannot collect by {', '.join(lacking)} with the settings of"
            f" {wanted.instance}",
            place="methods",
            mend=f"It can: {', '.join(sorted(limits.methods))}",
        )
    if limits.currencies is not None:
        _check_currencies(tx, tenant, wanted, limits.currencies)


def _check_currencies(tx: Tx, tenant: Tenant, wanted: PaymentAccount, able: frozenset[str]) -> None:
    lacking = sorted((wanted.currencies or frozenset()) - able)
    if lacking:
        raise FieldInvalid(
            f"{wanted.provider} cannot collect {', '.join(lacking)} with the settings of"
            f" {wanted.instance}",
            place="currencies",
            mend=f"It can: {', '.join(sorted(able))}",
        )
    if wanted.currencies is not None:
        # Whoever names the currencies knows that it is not for others.
        return
    others = [one for one in list_accounts(tx) if one.instance != wanted.instance]
    for currency in sorted({tenant.currency, *billed_currencies(tx)} - able):
        for method in sorted(wanted.methods):
            if any(one.serves(method, currency) for one in others):
                continue
            example = contract_paid_by(tx, method, currency)
            if example is not None or currency == tenant.currency:
                who = f", as contract {example}" if example else ""
                raise FieldInvalid(
                    f"{method} is billed in {currency}{who}, which {wanted.provider} cannot collect"
                    f" with the settings of {wanted.instance}",
                    place="currencies",
                    mend="Name the currencies that it is for, and add another account for the rest",
                )


def _check_alone(tx: Tx, wanted: PaymentAccount) -> None:
    """Raise Conflict where another active account would collect the same."""
    for other in list_accounts(tx):
        shared = sorted(other.methods & wanted.methods)
        overlap = (
            wanted.currencies is None
            or other.currencies is None
            or wanted.currencies & other.currencies
        )
        active = other.state is ProviderState.ACTIVE and other.instance != wanted.instance
        if active and shared and overlap:
            raise Conflict(
                f"{other.instance} collects by {', '.join(shared)} already",
                place="methods",
                mend=f"Pause {other.instance}, or name different methods or currencies for each",
            )


def _check_creditor(tenant: Tenant) -> None:
    mend = "Set it: faktura tenants update FILE"
    if not tenant.seller.creditor_id:
        raise FieldMissing(
            "direct debits need the SEPA creditor id", place="tenant.seller.creditor_id", mend=mend
        )
    if checked_creditor_id(tenant.seller.creditor_id, field="") != tenant.seller.creditor_id:
        raise TransitionRefused(
            "the SEPA creditor id is not in upper case without blanks",
            place="tenant.seller.creditor_id",
            mend=mend,
        )
