"""When each key was used last: gathered in memory, written about once a minute."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from aiohttp import web

from faktura.kernel.errors import FakturaError
from faktura.services.api_keys import note_use
from faktura.store.database import Database

_log = logging.getLogger("faktura.api")
_PAUSE_SECONDS = 60


class Uses:
    """The last use of each key since it was written down; taken from many threads."""

    def __init__(self) -> None:
        self._latest: dict[tuple[int, UUID], datetime] = {}
        self._lock = threading.Lock()

    def note(self, tenant_id: int, key_id: UUID, at: datetime) -> None:
        """Remember that the key was used."""
        with self._lock:
            self._latest[tenant_id, key_id] = at

    def write(self, database: Database) -> None:
        """Write down what was gathered, one transaction a tenant."""
        with self._lock:
            latest, self._latest = self._latest, {}
        by_tenant: dict[int, dict[UUID, datetime]] = {}
        for (tenant_id, key_id), at in latest.items():
            by_tenant.setdefault(tenant_id, {})[key_id] = at
        for tenant_id, uses in by_tenant.items():
            with database.write(tenant_id) as tx:
                note_use(tx, uses)


USES = web.AppKey("uses", Uses)


async def keep_writing(application: web.Application, database: Database) -> AsyncIterator[None]:
    """Write uses as long as the application runs, and once more at its end."""
    uses = application[USES]
    task = asyncio.create_task(_write_again_and_again(uses, database))
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    await asyncio.to_thread(uses.write, database)


async def _write_again_and_again(uses: Uses, database: Database) -> None:
    while True:
        await asyncio.sleep(_PAUSE_SECONDS)
        try:
            await asyncio.to_thread(uses.write, database)
        except FakturaError as error:
            # A use that is not written down harms nobody; the next round writes a later one.
            _log.warning("uses_not_written error=%s", error)
