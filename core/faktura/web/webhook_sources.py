"""Who reads the deliveries of an address: the tenant's account there, looked up anew every few seconds.

So what is set or switched off counts within seconds, and a burst of deliveries asks the database once.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from faktura.bootstrap import App
from faktura.kernel.errors import NotFound
from faktura.plugin import WebhookSource
from faktura.store.adapters import AdapterStore
from faktura.store.payment_accounts import find_account
from faktura.store.tenants import find_tenant_id

_KEPT = timedelta(seconds=5)
# Whoever asks for names that do not exist must not fill the memory.
_MOST = 1_000
_NO_TENANT = 0


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a delivery is for, and who proves and reads it."""

    tenant_id: int
    instance: str
    source: WebhookSource


class WebhookSources:
    """Finds addressees by the two names of an address."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._found: OrderedDict[tuple[str, str], tuple[datetime, asyncio.Task[Addressee]]]
        self._found = OrderedDict()

    async def find(self, instance: str, tenant_key: str) -> Addressee:
        """The addressee; raises NotFound, and what keeps its source from being built."""
        names = instance, tenant_key
        now = self._app.clock.now()
        until, looking = self._found.get(names, (now, None))
        if looking is None or until <= now:
            # All that come meanwhile wait for this one look.
            looking = asyncio.create_task(asyncio.to_thread(self._look_up, *names))
            self._found[names] = now + _KEPT, looking
            self._found.move_to_end(names)
            while len(self._found) > _MOST:
                self._found.popitem(last=False)
        try:
            # Mostly somebody else has looked before.
            return looking.result() if looking.done() else await asyncio.shield(looking)
        except NotFound:
            raise
        except Exception:  # raised again: what hindered the look may be gone with the next delivery
            self._found.pop(names, None)
            raise

    def _look_up(self, instance: str, tenant_key: str) -> Addressee:
        app = self._app
        with app.database.read(_NO_TENANT) as tx:
            tenant_id = find_tenant_id(tx, tenant_key)
            if tenant_id is None:
                raise _nobody()
            account = find_account(replace(tx, tenant_id=tenant_id), instance)
        if account is None or self._delivers_nothing(account.provider):
            raise _nobody()
        # The shared adapters keep the settings with which they were built.
        fresh = app.adapters.with_kept(AdapterStore(app.database, app.keys))
        source = fresh.webhook_source(tenant_id, account.provider, instance)
        return Addressee(tenant_id, instance, source)

    def _delivers_nothing(self, provider: str) -> bool:
        """Whether it is one of ours that sends nothing; one whose plugin is missing may send again."""
        offered = self._app.registry
        return provider in offered.payments and provider not in offered.webhooks


def _nobody() -> NotFound:
    # One answer for all: nobody learns which tenants and accounts there are.
    return NotFound("there is nobody at this address")
