"""Which account and which means of payment collect a document; what is not collected is said (P43)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.domain.mandates import not_usable
from faktura.domain.payment_accounts import AccountLimits, PaymentAccount
from faktura.domain.payment_means import PaymentMeans
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import MandateScheme, MeansState, ProviderState
from faktura.kernel.terms import PaymentMethod

_SAVED = {
    PaymentMethod.CARD: "card",
    PaymentMethod.PAYPAL: "PayPal agreement",
    PaymentMethod.SEPA_DEBIT: "bank account",
}


@dataclass(frozen=True, slots=True)
class Owed:
    """An open document that may be collected: whose it is, and what is open of it.

    `contracts` are those that it bills, with the method that each names for itself; None names none.
    """

    document_id: UUID
    customer_id: UUID
    amount: Money
    contracts: tuple[tuple[UUID, PaymentMethod | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Debtor:
    """What the choice needs to know of a customer; `mandate` is the reference on their record."""

    method: PaymentMethod
    is_business: bool
    mandate: str | None = None
    means: Sequence[PaymentMeans] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """What collects a document; `means` is the one to be frozen with the attempt."""

    document_id: UUID
    account: PaymentAccount
    means: PaymentMeans
    method: PaymentMethod


@dataclass(frozen=True, slots=True)
class NotCollectable:
    """A document that is not collected, and why, in words; TRANSFER is paid by the customer.

    `is_known` where nobody needs to be told: its account was paused, or has a task of its own.
    """

    document_id: UUID
    reason: str
    method: PaymentMethod
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What is the same for all documents of a tenant; `limits` are by instance.

    An account without limits has an adapter that cannot be built. `creditor_id` is the seller's,
    `on` the local day of collection.
    """

    accounts: Sequence[PaymentAccount]
    limits: Mapping[str, AccountLimits]
    creditor_id: str
    on: date


class _Refused(Exception):
    """Why a document is not collected."""

    is_known = False


class _Stopped(_Refused):
    """Nothing is collected over the account, and whoever runs it knows."""

    is_known = True


def method_of(owed: Owed, debtor: Debtor) -> PaymentMethod:
    """How a document is paid: as its contracts say, and where they do not agree, as the customer."""
    named = {own or debtor.method for _, own in owed.contracts}
    return named.pop() if len(named) == 1 else debtor.method


def choose_one(owed: Owed, debtor: Debtor, terms: Terms) -> Chosen | NotCollectable:
    """The account and the means that collect this document, or why none does."""
    method = method_of(owed, debtor)
    try:
        if method is PaymentMethod.TRANSFER:
            raise _Refused("it is paid by transfer")
        account = _account(owed, method, terms)
        means = _means(owed, debtor, method, account, terms)
    except _Refused as refused:
        return NotCollectable(owed.document_id, str(refused), method, refused.is_known)
    return Chosen(owed.document_id, account, means, method)


def _account(owed: Owed, method: PaymentMethod, terms: Terms) -> PaymentAccount:
    serving = [one for one in terms.accounts if method in one.methods]
    if not serving:
        raise _Refused(f"no payment account serves {method}")
    currency = owed.amount.currency
    fitting = [one for one in serving if one.takes(currency)]
    if not fitting:
        raise _Refused(f"{_names(serving)} collects no {currency} by {method}")
    # Two active ones for the same are refused when they are set up.
    account = min(fitting, key=lambda one: (one.state is not ProviderState.ACTIVE, one.instance))
    if account.state is not ProviderState.ACTIVE:
        why = f": {account.problem}" if account.problem else ""
        raise _Stopped(f"payment account {account.instance} is {account.state}{why}")
    _check_limits(owed.amount, method, account, terms.limits.get(account.instance))
    return account


def _check_limits(
    amount: Money, method: PaymentMethod, account: PaymentAccount, limits: AccountLimits | None
) -> None:
    name, currency = account.instance, amount.currency
    if limits is None:
        raise _Stopped(f"payment account {name} cannot be used: its plugin or a setting is missing")
    if method not in limits.methods:
        raise _Refused(f"{account.provider} cannot collect by {method} with the settings of {name}")
    if limits.currencies is not None and currency not in limits.currencies:
        raise _Refused(f"{account.provider} cannot collect {currency} with the settings of {name}")
    least, most = limits.minimum.get(currency), limits.maximum.get(currency)
    if least is not None and amount < least:
        raise _Refused(
            f"{amount} is less than the {least} that {account.provider} collects at least"
        )
    if most is not None and amount > most:
        raise _Refused(f"{amount} is more than the {most} that {account.provider} collects at most")


def _means(
    owed: Owed, debtor: Debtor, method: PaymentMethod, account: PaymentAccount, terms: Terms
) -> PaymentMeans:
    if terms.limits[account.instance].files_debits:
        return _mandate(debtor, account, terms)
    own = owed.contracts[0][0] if len(owed.contracts) == 1 else None
    saved = [one for one in debtor.means if one.method is method and one.instance is not None]
    kept = [one for one in saved if one.state is not MeansState.GONE]
    # A contract's own means is meant for it: another one is not taken in its stead.
    of_contract = [one for one in kept if own is not None and one.contract_id == own]
    candidates = of_contract or [one for one in kept if one.contract_id is None]
    here = [one for one in candidates if one.instance == account.instance]
    if not here:
        raise _Refused(_nothing_saved(method, account, candidates))
    usable = [one for one in here if _problem(one) is None]
    newest = _newest(usable or here)
    if not usable:
        raise _Refused(f"{newest.label or _SAVED[method]} {_problem(newest)}")
    # A card beyond its last day often works still, as its bank renewed it (payments 1.5).
    return _newest([one for one in usable if not _is_over(one, terms.on)] or usable)


def _mandate(debtor: Debtor, account: PaymentAccount, terms: Terms) -> PaymentMeans:
    """The mandate of the customer's record: the one that their invoices announce (P41)."""
    if debtor.mandate is None:
        raise _Refused("the customer has no SEPA mandate")
    wanted = debtor.mandate.upper()
    means = next(
        (
            one
            for one in debtor.means
            if one.creditor_id == terms.creditor_id and one.reference.upper() == wanted
        ),
        None,
    )
    if means is None or means.mandate is None:
        raise _Refused(
            f"mandate {debtor.mandate} is not taken over for creditor id"
            f" {terms.creditor_id or '(none)'}: faktura payments mandates adopt"
        )
    if means.mandate.scheme is MandateScheme.B2B and not terms.limits[account.instance].takes_b2b:
        raise _Refused(f"{account.provider} takes no B2B mandates, as {means.reference} is one")
    problem = _problem(means) or not_usable(
        means.mandate,
        last_used_on=means.last_used_on,
        is_business=debtor.is_business,
        on=terms.on,
    )
    if problem is not None:
        raise _Refused(f"mandate {means.reference} {problem}")
    return means


def _is_over(means: PaymentMeans, on: date) -> bool:
    return means.expires_on is not None and on > means.expires_on


def _problem(means: PaymentMeans) -> str | None:
    if means.state is MeansState.GONE:
        return f"is gone{_because(means)}"
    if means.state is MeansState.SUSPENDED:
        return f"is suspended{_because(means)}"
    return None


def _because(means: PaymentMeans) -> str:
    return f": {means.reason}" if means.reason else ""


def _nothing_saved(
    method: PaymentMethod, account: PaymentAccount, elsewhere: Sequence[PaymentMeans]
) -> str:
    what = f"no {_SAVED[method]} is saved at payment account {account.instance}"
    others = sorted({one.instance for one in elsewhere if one.instance is not None})
    return f"{what}, only at {', '.join(others)}" if others else what


def _newest(means: Iterable[PaymentMeans]) -> PaymentMeans:
    return max(means, key=lambda one: (one.chosen_at, one.id))


def _names(accounts: Iterable[PaymentAccount]) -> str:
    return ", ".join(one.instance for one in accounts)
