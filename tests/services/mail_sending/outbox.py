"""A tenant whose written mails wait, and the pump that sends them."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from tests.services.company import Company

from faktura.domain.mails import Mail, MailAsk, MailMessage
from faktura.flows.job_context import JobContext
from faktura.flows.mail_sending import MailPump
from faktura.flows.mail_transport import MailTransport
from faktura.flows.mail_ways import open_transport
from faktura.flows.smtp_connection import Patience
from faktura.flows.smtp_transport import SmtpTransport
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.loader import load
from faktura.hub.smtp import smtp_settings
from faktura.kernel.clock import FixedClock
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.outbox_terms import MailState, MailUse
from faktura.services.mail_rest import server_rest
from faktura.store.adapters import AdapterStore
from faktura.store.blobs import DirectoryStore
from faktura.store.mail_bounces import list_bounces
from faktura.store.mails import (
    MailFilter,
    list_mails,
    make_waiting,
    read_mail,
    write_mails,
    write_messages,
)
from faktura.store.secrets import KeyRing
from faktura.store.tables import event
from faktura.store.tasks import TaskFilter, find_tasks

SHORT = Patience(connect=2, command=2, mail=0.3)


@dataclass
class Outbox:
    """Mails of a company; `environment` are the installation's variables."""

    company: Company
    clock: FixedClock
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    private_hosts: frozenset[str] = frozenset()
    patience: Patience = field(default_factory=Patience)
    port: int = 0

    def __post_init__(self) -> None:
        self.database = self.company.database
        self.tenant_id = self.company.tenant.id
        self.customer = self.company.customer()

    def server(self, port: int, **settings: str) -> None:
        """Have mails go to this server from now on, unprotected where nothing else is said."""
        self.port = port
        given = {"HOST": "127.0.0.1", "PORT": str(port), "SECURITY": "NONE", **settings}
        self.environment = {f"FAKTURA_SMTP__{name}": value for name, value in given.items()}
        self.private_hosts = frozenset({f"127.0.0.1:{port}"})

    @property
    def context(self) -> JobContext:
        kept = AdapterStore(self.database, KeyRing(()))
        adapters = Adapters(load([]), kept, self.clock, Installation(self.environment))
        return JobContext(
            self.database,
            load([]),
            adapters,
            DirectoryStore(self.folder / "content"),
            private_hosts=self.private_hosts,
            mail_folder=self.folder / "mails",
        )

    def mails(self, wanted: Sequence[tuple[str, str]]) -> list[UUID]:
        """A written mail for each of these lanes and subjects, in this order."""
        with self.database.write(self.tenant_id) as tx:
            asks = [
                MailAsk(MailUse.INVOICE, f"many:{no:06}", lane, customer_id=self.customer.id)
                for no, (lane, _) in enumerate(wanted)
            ]
            write_mails(tx, asks, place=1)
            found = sorted(list_mails(tx, MailFilter()), key=lambda one: one.id)
            write_messages(
                tx,
                [
                    message(one.id, (f"{lane}@kunde.example",), subject)
                    for one, (lane, subject) in zip(found, wanted, strict=True)
                ],
            )
        return [one.id for one in found]

    def states(self) -> dict[MailState, int]:
        with self.database.read(self.tenant_id) as tx:
            return dict(Counter(one.state for one in list_mails(tx, MailFilter())))

    def mail(self, lane: str = "K-1", *recipients: str, subject: str = "Ihre Rechnung") -> UUID:
        """A written mail that waits; without recipients it is to an address of its lane."""
        with self.database.write(self.tenant_id) as tx:
            fact = f"event:{tx.new_id()}:1"
            asked = MailAsk(MailUse.INVOICE, fact, lane, customer_id=self.customer.id)
            write_mails(tx, [asked], place=1)
            (found,) = [one for one in list_mails(tx, MailFilter()) if one.fact == fact]
            write_messages(
                tx, [message(found.id, recipients or (f"{lane}@kunde.example",), subject)]
            )
        return found.id

    async def pump(self, open_: Callable[[], Awaitable[MailTransport]] | None = None) -> None:
        context = self.context

        async def transport() -> MailTransport:
            if not self.environment:
                return await open_transport(context, self.tenant_id)
            settings = await asyncio.to_thread(smtp_settings, context.adapters, self.tenant_id)
            return SmtpTransport(settings, self.private_hosts, self.patience)

        await MailPump(context, self.tenant_id, open_ or transport).run()

    def send(self, server: AbstractAsyncContextManager[int], **settings: str) -> None:
        """One pass of the pump while the server is there."""

        async def run() -> None:
            async with server as port:
                self.server(port, **settings)
                await self.pump()

        asyncio.run(run())

    def read(self, mail_id: UUID) -> Mail:
        with self.database.read(self.tenant_id) as tx:
            return read_mail(tx, mail_id)

    def state(self, mail_id: UUID) -> MailState:
        return self.read(mail_id).state

    def again(self, mail_id: UUID) -> None:
        """A person has it sent again."""
        with self.database.write(self.tenant_id) as tx:
            make_waiting(tx, mail_id)

    def tasks(self) -> list[tuple[TaskKind, str]]:
        with self.database.read(self.tenant_id) as tx:
            return [(one.kind, one.subject) for one in find_tasks(tx, TaskFilter(done=False))]

    def problems(self) -> list[str]:
        with self.database.read(self.tenant_id) as tx:
            return [one.problem for one in find_tasks(tx, TaskFilter(done=False))]

    def bounces(self) -> list[tuple[str, str, str]]:
        with self.database.read(self.tenant_id) as tx:
            found = list_bounces(tx)
        return [(one.refusal.recipient, one.refusal.kind, one.refusal.status) for one in found]

    def events(self) -> list[tuple[str, object]]:
        with self.database.read(self.tenant_id) as tx:
            rows = tx.connection.execute(select(event.c.type, event.c.data)).all()
        return [(row.type, json.loads(row.data)) for row in rows]

    def rests_until(self) -> str | None:
        with self.database.read(self.tenant_id) as tx:
            rest = server_rest(tx)
        return None if rest is None else rest.until.isoformat()


def message(mail_id: UUID, recipients: tuple[str, ...], subject: str) -> MailMessage:
    return MailMessage(
        mail_id,
        MailUse.INVOICE,
        "de",
        "rechnung@werk.example",
        "Werk GmbH",
        "",
        "zurueck@werk.example",
        recipients,
        subject,
        "Guten Tag,\n\nanbei Ihre Rechnung.\n",
        "",
        f"<{mail_id}@werk.example>",
    )
