"""Mails through the pump against bare aiosmtplib that sends the same bytes over as many connections.

Ours reads what waits, marks each mail before a server gets it, puts it together with its file, and
keeps what became of it; the bare one has the bytes ready. Wall seconds: the server, aiosmtpd, runs in
a process of its own, and what a pump waits for is the database too.
"""

import asyncio
import tempfile
from hashlib import sha256
from pathlib import Path
from statistics import median
from time import perf_counter
from uuid import UUID

from aiosmtplib import SMTP
from company import TENANT, fill, open_empty
from engines import on_both
from figure import Figure, at_least
from servers import serving
from sqlalchemy import func, select, update

from faktura.domain.mails import MailAsk, MailAttachment, MailMessage
from faktura.flows.job_context import JobContext
from faktura.flows.mail_jobs import send_mails_job
from faktura.flows.mail_parcels import parcel_of
from faktura.flows.mail_transport import Parcel
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.registry import Registry
from faktura.kernel.outbox_terms import MailState, MailUse
from faktura.store.adapters import AdapterStore
from faktura.store.blobs import DirectoryStore
from faktura.store.database import Database
from faktura.store.mails import MailFilter, list_mails, write_mails, write_messages
from faktura.store.secrets import KeyRing
from faktura.store.tables import mail

MAILS, CONNECTIONS = 300, 8
_ROUNDS = 3
_FILE = bytes(range(256)) * 128


def measure() -> list[Figure]:
    """The figures on both databases."""
    return on_both("mails", lambda engine, url: [_figure(engine, url)])


def _figure(name: str, url: str) -> Figure:
    database = open_empty(url)
    fill(database, 1)
    with serving("mail_server.py") as server, tempfile.TemporaryDirectory() as folder:
        context = _context(database, Path(folder), server.port)
        messages = _waiting(context)
        parcels = [_parcel(context, one) for one in messages]
        ours, bare = list[float](), list[float]()
        for no in range(_ROUNDS + 1):
            rates = asyncio.run(_sent(context)), asyncio.run(_bare(server.port, parcels))
            # The first round warms up.
            if no:
                ours.append(rates[0])
                bare.append(rates[1])
            _check_and_reset(database)
    database.close()
    return at_least(f"mails-{name}", median(ours), "mails/s", median(bare), 0.5)


def _context(database: Database, folder: Path, port: int) -> JobContext:
    settings = {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "SECURITY": "NONE",
        "CONNECTIONS": str(CONNECTIONS),
    }
    environment = {f"FAKTURA_SMTP__{name}": value for name, value in settings.items()}
    kept = AdapterStore(database, KeyRing(()))
    adapters = Adapters(Registry(), kept, database.clock, Installation(environment))
    contents = DirectoryStore(folder)
    hosts = frozenset({f"127.0.0.1:{port}"})
    return JobContext(database, Registry(), adapters, contents, private_hosts=hosts)


def _waiting(context: JobContext) -> list[MailMessage]:
    """Written mails that wait, each of a customer of its own, with a file of 32 KiB."""
    context.contents.put(TENANT.id, _FILE)
    asks = [MailAsk(MailUse.INVOICE, f"bench:{no}", f"K-{no}") for no in range(MAILS)]
    with context.database.write(TENANT.id) as tx:
        write_mails(tx, asks, place=1)
        messages = [_message(one.id) for one in list_mails(tx, MailFilter())]
        write_messages(tx, messages)
    return messages


def _message(mail_id: UUID) -> MailMessage:
    attached = MailAttachment(
        "Rechnung.pdf", "application/pdf", sha256(_FILE).hexdigest(), len(_FILE)
    )
    text = "Guten Tag,\n\nanbei erhalten Sie Ihre Rechnung über 119,00 €.\n" * 5
    return MailMessage(
        mail_id,
        MailUse.INVOICE,
        "de",
        "rechnung@messwerk.example",
        "Messwerk GmbH",
        "",
        "rechnung@messwerk.example",
        ("kunde@kunde.example",),
        "Ihre Rechnung über 119,00 €",
        text,
        f"<p>{text}</p>",
        f"<{mail_id}@messwerk.example>",
        (attached,),
    )


def _parcel(context: JobContext, message: MailMessage) -> Parcel:
    now = context.database.clock.now()
    return parcel_of(message, context.contents, TENANT.id, now, "")


async def _sent(context: JobContext) -> float:
    began = perf_counter()
    await send_mails_job(context, TENANT.id, {})
    return MAILS / (perf_counter() - began)


async def _bare(port: int, parcels: list[Parcel]) -> float:
    left = iter(parcels)

    async def line() -> None:
        async with SMTP(
            hostname="127.0.0.1", port=port, start_tls=False, local_hostname="bench"
        ) as client:
            for parcel in left:
                await client.sendmail(parcel.sender, parcel.recipients, parcel.content)

    began = perf_counter()
    await asyncio.gather(*(line() for _ in range(CONNECTIONS)))
    return MAILS / (perf_counter() - began)


def _check_and_reset(database: Database) -> None:
    """Every mail was sent; they wait again."""
    sent = select(func.count()).where(mail.c.state == MailState.SENT)
    with database.write(TENANT.id) as tx:
        if (count := tx.connection.execute(sent).scalar_one()) != MAILS:
            raise ValueError(f"{MAILS} mails waited, {count} were sent")
        tx.connection.execute(
            update(mail)
            .where(mail.c.tenant_id == TENANT.id)
            .values(state=MailState.WAITING, attempts=0)
        )


if __name__ == "__main__":
    for figure in measure():
        print(figure.line())
