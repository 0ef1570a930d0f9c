"""Issued documents are rendered in the background: asked for when they are issued, done once."""

import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from tests.services.company import RUN, Company, bill
from typing_extensions import override

from faktura.domain.jobs import ClaimedJob, JobName, Quarantined
from faktura.flows.document_file import document_file
from faktura.flows.documents import Documents
from faktura.flows.job_context import JobContext
from faktura.flows.render_jobs import render_documents_job
from faktura.flows.retry import after_failure
from faktura.flows.tasks import HANDLERS
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.loader import load
from faktura.hub.nothing_kept import NothingKept
from faktura.hub.registry import Offer, Registry
from faktura.kernel.errors import NotFound, PluginMissing, RenderRefused
from faktura.plugin import InvoiceDocument
from faktura.services.cancelling import Cancelling, cancel_invoice
from faktura.services.issuing import Desk
from faktura.services.render_jobs import have_rendered
from faktura.store.blobs import DirectoryStore
from faktura.store.database import Database
from faktura.store.documents import document_id, document_ids, read_renderings
from faktura.store.queues import queue_of
from faktura.store.tables import job, rendering
from faktura_xrechnung.formats import XRechnungCii

CRASHING = Path(__file__).parent / "crashing_renderer.py"


def context_of(database: Database, folder: Path) -> JobContext:
    """What a worker of an installation with XRechnung has."""
    registry = load(("xrechnung",))
    adapters = Adapters(registry, NothingKept(), database.clock, Installation())
    return JobContext(database, registry, adapters, DirectoryStore(folder / "content"))


def asked_for(database: Database, tenant_id: int) -> list[dict[str, Any]]:
    """The arguments of all render jobs, in the order in which they were put in."""
    with database.read(tenant_id) as tx:
        rows = tx.connection.execute(
            select(job.c.args).where(job.c.name == JobName.RENDER_DOCUMENTS).order_by(job.c.place)
        )
        return [json.loads(args) for args in rows.scalars()]


def stored(database: Database, tenant_id: int) -> int:
    """How many renderings are recorded."""
    with database.read(tenant_id) as tx:
        return tx.connection.execute(select(func.count()).select_from(rendering)).scalar_one()


def ids_of(database: Database, tenant_id: int, *numbers: str) -> list[str]:
    """The ids of documents as a job carries them."""
    with database.read(tenant_id) as tx:
        return [str(document_id(tx, number)) for number in numbers]


def test_issuing_asks_for_each_format_once(database: Database):
    """In the transaction that issues: a document of no format is asked for by nobody."""
    company = Company(database)
    tenant = replace(company.tenant, document_format=None)
    for leitweg_id in ("04011000-12345-03", "", "04011000-12345-03"):
        company.contract(company.customer(leitweg_id=leitweg_id), "A-1")

    bill(database, tenant)

    public = ids_of(database, tenant.id, "RE-000001", "RE-000003")
    assert asked_for(database, tenant.id) == [{"documents": public, "format": "xrechnung-cii"}]


def test_a_job_is_a_hundred_documents_at_most_and_has_no_lock(database: Database):
    """So that workers share a run among them."""
    company = Company(database)
    ids = [UUID(int=no) for no in range(1, 252)]

    with database.write(company.tenant.id) as tx:
        have_rendered(tx, [(one, "pdf" if one.int % 2 else "zugferd") for one in ids])

    assert [
        (args["format"], len(args["documents"])) for args in asked_for(database, company.tenant.id)
    ] == [("pdf", 100), ("pdf", 26), ("zugferd", 100), ("zugferd", 25)]
    with database.read(company.tenant.id) as tx:
        assert set(tx.connection.execute(select(job.c.lock)).scalars()) == {None}


class Enough(Exception):
    """The rehearsal is over."""


def test_what_is_rolled_back_is_not_rendered(database: Database, billed):
    """A rehearsal asks for nothing that outlives it."""
    before = asked_for(database, billed.id)
    formats = context_of(database, Path("nowhere")).adapters.formats(billed.id)

    def rehearse() -> None:
        with database.write(billed.id) as tx:
            cancel_invoice(tx, Desk(billed, formats), "RE-000001", Cancelling(RUN, "Irrtum"))
            raise Enough

    with pytest.raises(Enough):
        rehearse()

    assert len(before) == 1
    assert asked_for(database, billed.id) == before


def test_the_job_stores_the_documents_and_the_file_is_there(database, billed, tmp_path):
    """Run again it renders nothing; what is handed out is what it stored."""
    context = context_of(database, tmp_path)
    (args,) = asked_for(database, billed.id)

    HANDLERS[JobName.RENDER_DOCUMENTS](context, billed.id, args)
    render_documents_job(context, billed.id, args)

    with database.read(billed.id) as tx:
        ids = list(document_ids(tx))
        assert args == {"documents": [str(one) for one in ids], "format": "xrechnung-cii"}
        (first, *_) = rows = read_renderings(tx, ids)
    assert len(rows) == 9
    formats = context.adapters.formats(billed.id)
    file = document_file(
        Documents(database, context.contents, formats, billed), "RE-000001", None, None
    )
    assert file.rendering == first
    assert stored(database, billed.id) == 9


def test_workers_that_take_the_same_job_store_each_document_once(database, billed, tmp_path):
    """A worker that was thought dead is still at it."""
    context = context_of(database, tmp_path)
    (args,) = asked_for(database, billed.id)

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: render_documents_job(context, billed.id, args), range(4)))

    assert stored(database, billed.id) == 9


def test_two_workers_render_at_once(database, tmp_path):
    """The jobs of two runs are handed out together: none waits for the other."""
    company = Company(database)
    for _ in range(2):
        company.contract(company.customer(), "A-1")
        bill(database, company.tenant)

    claimed = [queue_of(database).claim(name, 9, timedelta(minutes=1)) for name in ("one", "two")]

    rendering_jobs = [
        found.args for own in claimed for found in own if found.name is JobName.RENDER_DOCUMENTS
    ]
    assert len(rendering_jobs) == 2


class Refusing(XRechnungCii):
    """XRechnung that refuses two documents."""

    @override
    def render(self, document: InvoiceDocument) -> bytes:
        if document.number in ("RE-000003", "RE-000005"):
            raise RenderRefused(
                "BT-49 is missing", place=f"document {document.number}", mend="Fill customer.email"
            )
        return super().render(document)


def test_refused_documents_are_named_and_the_others_are_stored(database, billed, tmp_path):
    """O19: the job is put aside with them, and not tried again by itself."""
    registry = Registry(formats={"xrechnung-cii": Offer("xrechnung-cii", "xrechnung", Refusing)})
    adapters = Adapters(registry, NothingKept(), database.clock, Installation())
    context = JobContext(database, registry, adapters, DirectoryStore(tmp_path / "content"))
    (args,) = asked_for(database, billed.id)

    with pytest.raises(RenderRefused) as refused:
        render_documents_job(context, billed.id, args)

    assert str(refused.value) == (
        "document RE-000003: BT-49 is missing; document RE-000005: BT-49 is missing."
        " Fill customer.email"
    )
    assert stored(database, billed.id) == 7
    held = ClaimedJob(billed.id, UUID(int=1), JobName.RENDER_DOCUMENTS, args, attempt=1, worker="w")
    assert isinstance(after_failure(held, refused.value, database.clock.now()), Quarantined)


def test_a_format_that_is_not_enabled_any_more_is_named(database, billed, tmp_path):
    """The job waits for it."""
    context = context_of(database, tmp_path)

    with pytest.raises(PluginMissing, match="fax"):
        render_documents_job(context, billed.id, {"format": "fax", "documents": []})
    with pytest.raises(NotFound):
        render_documents_job(context, 99, {"format": "xrechnung-cii", "documents": []})


def test_a_worker_that_is_killed_renders_nothing_twice(database, database_url, tmp_path):
    """The machine dies in the rendering of the 60th document: the two chunks before it stay."""
    company = Company(database)
    for _ in range(70):
        company.contract(company.customer(), "A-1")
    bill(database, company.tenant)
    (args,) = asked_for(database, company.tenant.id)
    given = [str(company.tenant.id), json.dumps(args), str(tmp_path)]

    killed = subprocess.run([sys.executable, str(CRASHING), database_url, *given], check=False)
    before = stored(database, company.tenant.id)
    again = subprocess.run([sys.executable, str(CRASHING), database_url, *given], check=False)

    worked = (tmp_path / "worked").read_text().split()
    assert (killed.returncode, before, again.returncode) == (-signal.SIGKILL, 50, 0)
    assert stored(database, company.tenant.id) == 70
    # The ten that were made and not recorded are made again.
    assert (len(worked), len(set(worked))) == (80, 70)
