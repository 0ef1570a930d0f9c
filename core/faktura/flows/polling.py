"""Asking providers for what they did not deliver: the same events into the same inbox (O22)."""

import logging
from datetime import datetime, timedelta
from functools import partial

from faktura.domain.payment_accounts import PaymentAccount
from faktura.domain.tenants import Tenant
from faktura.flows.providers import Broken, Provider, provider_of
from faktura.flows.transactions import in_read_tx, in_tx
from faktura.hub.adapters import Adapters
from faktura.kernel.clock import zone
from faktura.kernel.payment_terms import ProviderState
from faktura.plugin import PolledEvents, Polling
from faktura.services.arrivals import keep_polled
from faktura.store.database import Database
from faktura.store.payment_accounts import list_accounts

_log = logging.getLogger("faktura.polling")

# Providers list a month; the first poll begins there.
_BEGINNING = timedelta(days=30)
# What a provider lists late stands behind the cursor: once a day the last days are read again.
_LOOKING_BACK = timedelta(days=3)
_MOST_PAGES = 1_000


async def poll_providers(database: Database, adapters: Adapters, tenant: Tenant) -> int:
    """Poll all accounts of a tenant that can be; how many events are new.

    One that cannot be asked now is asked the next time: its cursor stays where it is.
    """
    accounts = await in_read_tx(database, tenant.id, list_accounts)
    new = 0
    for account in accounts:
        if account.state is ProviderState.BROKEN:
            continue
        provider = await provider_of(database, adapters, tenant, account)
        if not isinstance(provider, Broken) and isinstance(provider.adapter, Polling):
            new += await _poll(provider, provider.adapter)
    return new


async def _poll(provider: Provider, adapter: Polling) -> int:
    account, now = provider.account, provider.database.clock.now()
    kept = account.cursor or ""
    new = 0
    if kept and _is_first_of_day(account, provider.tenant, now):
        new += await _read_on(provider, adapter, "", now - _LOOKING_BACK, keeps_cursor=False)
    since = now - _BEGINNING
    return new + await _read_on(provider, adapter, kept, since, keeps_cursor=True)


async def _read_on(
    provider: Provider, adapter: Polling, cursor: str, since: datetime, *, keeps_cursor: bool
) -> int:
    """Read page by page; each page's events and where to go on are kept in one transaction."""
    new = 0
    for _ in range(_MOST_PAGES):
        ask = partial(adapter.events_since, cursor, since)
        page = await provider.guarded(ask, PolledEvents)
        if not isinstance(page, PolledEvents):
            _log.warning("poll_failed instance=%s answer=%s", provider.account.instance, page)
            return new
        new += await in_tx(
            provider.database,
            provider.tenant.id,
            keep_polled,
            provider.account.instance,
            page.events,
            page.cursor if keeps_cursor else None,
        )
        if not page.more or page.cursor == cursor:
            return new
        cursor = page.cursor
    return new


def _is_first_of_day(account: PaymentAccount, tenant: Tenant, now: datetime) -> bool:
    local = zone(tenant.time_zone)
    polled = account.polled_at
    return polled is None or polled.astimezone(local).date() < now.astimezone(local).date()
