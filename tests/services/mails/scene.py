"""A company whose mails are written, but not sent: what a worker has, and what its jobs did."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import event, select, update
from tests.services.company import Company, bill

from faktura.domain.contracts import Contract
from faktura.domain.customers import Customer
from faktura.domain.events import Event, EventType
from faktura.domain.jobs import JobName
from faktura.domain.mails import Mail
from faktura.flows.fan_out import fan_out
from faktura.flows.job_context import JobContext
from faktura.flows.mail_composing import compose_mails
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.loader import load
from faktura.hub.nothing_kept import NothingKept
from faktura.kernel.clock import FixedClock
from faktura.services.outbox import announce
from faktura.services.tasks import list_tasks
from faktura.services.tenants import change_tenant
from faktura.store.blobs import DirectoryStore
from faktura.store.contracts import read_contracts, update_frame
from faktura.store.customers import replace_customers
from faktura.store.database import Database
from faktura.store.events import next_sequences
from faktura.store.facts import Facts, write_facts
from faktura.store.mails import MailFilter, list_mails
from faktura.store.tables import job, mail
from faktura.store.tenants import read_tenant

PUBLIC_URL = "https://billing.example.com"


class MailScene:
    """One tenant, with its jobs run by hand."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.company = Company(database)
        registry = load(("xrechnung",))
        adapters = Adapters(registry, NothingKept(), database.clock, Installation())
        contents = DirectoryStore(folder / "content")
        self.context = JobContext(database, registry, adapters, contents, public_url=PUBLIC_URL)

    @property
    def tenant_id(self) -> int:
        """The tenant's id."""
        return self.company.tenant.id

    def customer(self, **changes: object) -> Customer:
        """A customer with a monthly contract of 35.70 EUR gross."""
        customer = self.company.customer(**changes)  # type: ignore[arg-type]
        self.company.contract(customer, "A-1")
        return customer

    def change_customer(self, customer: Customer) -> None:
        """Keep the customer as they are now."""
        with self.database.write(self.tenant_id) as tx:
            replace_customers(tx, [customer])

    def change_contract(self, number: str, **changes: Any) -> Contract:
        """Keep a contract's frame with these changes."""
        with self.database.write(self.tenant_id) as tx:
            changed = replace(read_contracts(tx, [number])[0], **changes)
            update_frame(tx, changed)
        return changed

    def set_mail(self, **changes: Any) -> None:
        """Change the tenant's policy of mails."""
        with self.database.write(self.tenant_id) as tx:
            tenant = read_tenant(tx)
            change_tenant(tx, replace(tenant, mail=replace(tenant.mail, **changes)))

    def change_tenant(self, **changes: Any) -> None:
        """Change the tenant's settings."""
        with self.database.write(self.tenant_id) as tx:
            change_tenant(tx, replace(read_tenant(tx), **changes))

    def bill(self) -> None:
        """Issue what is due on 1 October 2026."""
        with self.database.read(self.tenant_id) as tx:
            tenant = read_tenant(tx)
        bill(self.database, tenant)

    def tell(self, what: EventType, object_type: str, about: UUID, data: dict[str, object]) -> None:
        """A fact of its own, announced."""
        with self.database.write(self.tenant_id) as tx:
            sequence = next_sequences(tx, [about])[about]
            announce(
                tx,
                write_facts(tx, Facts(events=[Event(what, object_type, about, sequence, data)])),
            )

    def hand_out(self) -> None:
        """Do all jobs that hand out, also those that were done before."""
        for args in self.jobs(JobName.FAN_OUT):
            fan_out(self.context, self.tenant_id, args)

    def jobs(self, name: JobName) -> list[dict[str, Any]]:
        """The arguments of the jobs of that name, in their order."""
        with self.database.read(self.tenant_id) as tx:
            rows = tx.connection.execute(
                select(job.c.args).where(job.c.name == name).order_by(job.c.place)
            )
            return [json.loads(args) for args in rows.scalars()]

    def compose(self, *, public_url: str | None = PUBLIC_URL) -> None:
        """Write all mails that wait."""
        context = replace(self.context, public_url=public_url)
        asyncio.run(compose_mails(context, self.tenant_id, [one.id for one in self.mails()]))

    def later(self) -> None:
        """A minute passes."""
        assert isinstance(self.database.clock, FixedClock)
        self.database.clock.advance(timedelta(minutes=1))

    def forget_messages(self) -> None:
        """Have all mails written anew."""
        with self.database.write(self.tenant_id) as tx:
            tx.connection.execute(update(mail).values(message=None, message_id=None))

    def statements(self) -> list[str]:
        """What the database is asked from now on."""
        asked: list[str] = []
        event.listen(
            self.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2])
        )
        return asked

    def mails(self) -> list[Mail]:
        """All mails, oldest first."""
        with self.database.read(self.tenant_id) as tx:
            return list_mails(tx, MailFilter())[::-1]

    def only(self) -> Mail:
        """The one mail there is."""
        (mail,) = self.mails()
        return mail

    def tasks(self) -> list[tuple[str, str]]:
        """Kind and subject of the open tasks."""
        with self.database.read(self.tenant_id) as tx:
            return [(one.kind.value, one.subject) for one in list_tasks(tx)]
