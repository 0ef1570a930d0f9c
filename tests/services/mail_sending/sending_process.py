"""A process that sends what waits, as a worker does: `URL`, tenant, port and the moment are its arguments."""

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from faktura.flows.job_context import JobContext
from faktura.flows.mail_jobs import send_mails_job
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.loader import load
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.store.adapters import AdapterStore
from faktura.store.blobs import DirectoryStore
from faktura.store.database import open_database
from faktura.store.secrets import KeyRing


def main(url: str, tenant_id: str, port: str, now: str, folder: str) -> None:
    clock = FixedClock(datetime.fromisoformat(now))
    database = open_database(url, clock, Uuid7Source(clock))
    given = {"HOST": "127.0.0.1", "PORT": port, "SECURITY": "NONE"}
    installation = Installation({f"FAKTURA_SMTP__{name}": value for name, value in given.items()})
    adapters = Adapters(load([]), AdapterStore(database, KeyRing(())), clock, installation)
    hosts = frozenset({f"127.0.0.1:{port}"})
    contents = DirectoryStore(Path(folder))
    context = JobContext(database, load([]), adapters, contents, private_hosts=hosts)
    asyncio.run(send_mails_job(context, int(tenant_id), {}))


if __name__ == "__main__":
    main(*sys.argv[1:])
