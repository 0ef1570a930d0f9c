"""Accounts at providers: what their adapters can do, whether they can be used, what they replace."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from faktura.domain.payment_accounts import AccountLimits, PaymentAccount
from faktura.domain.tenants import Tenant
from faktura.flows.providers import Broken, Lost, NotSent, Provider
from faktura.hub.adapters import Adapters
from faktura.kernel.money import MINOR_DIGITS, Money
from faktura.plugin import Capabilities, Checking, DebitFiling, PaymentAdapter
from faktura.services.mandate_records import Adopted, adopt_mandates
from faktura.store.database import Database

log = logging.getLogger("faktura.payments")


def limits_of(
    adapters: Adapters, tenant_id: int, accounts: Iterable[PaymentAccount]
) -> dict[str, AccountLimits]:
    """What each account's adapter can do now, by instance; absent where it cannot be built.

    Not within a transaction: adapters read their settings themselves.
    """
    found = {}
    for account in accounts:
        try:
            adapter = adapters.payment(tenant_id, account.provider, account.instance)
            found[account.instance] = limits_of_adapter(adapter)
        except Exception:  # a plugin's class, whatever it raises: it concerns this account alone
            # Each of its documents is said to be not collectable, and `accounts check` says why.
            log.warning("account %s has no adapter", account.instance, exc_info=True)
    return found


def limits_of_adapter(adapter: PaymentAdapter) -> AccountLimits:
    """What an adapter says of itself, in values of the domain."""
    able: Capabilities = adapter.capabilities()
    return AccountLimits(
        able.methods,
        able.currencies,
        _known(able.minimum),
        _known(able.maximum),
        able.takes_b2b,
        isinstance(adapter, DebitFiling),
    )


def _known(limits: Mapping[str, Decimal]) -> dict[str, Money]:
    """Nobody can owe anything in a currency that the core does not know: its limit binds nothing."""
    return {of: Money.from_decimal(limits[of], of) for of in limits if of in MINOR_DIGITS}


async def check_account(provider: Provider, webhook_url: str) -> Sequence[str]:
    """What is wrong with the account, each with what to do; nothing for one that cannot say."""
    adapter = provider.adapter
    if not isinstance(adapter, Checking):
        return ()
    answer = await provider.guarded(lambda: adapter.problems(webhook_url), list, tuple)
    if isinstance(answer, NotSent | Broken):
        return (answer.problem,)
    if isinstance(answer, Lost):
        return (answer.why,)
    return tuple(str(problem) for problem in answer)


def adopt_all(
    database: Database, tenant: Tenant, progress: Callable[[int], None] = lambda _made: None
) -> Adopted:
    """Make a mandate of each customer's record that has none yet, some customers a transaction."""
    total, after = Adopted(), ""
    while True:
        with database.write(tenant.id) as tx:
            some = adopt_mandates(tx, tenant, after=after)
        total = Adopted(total.made + some.made, (*total.refused, *some.refused), some.last)
        if not some.last:
            return total
        after = some.last
        progress(total.made)
