"""A process that does a render job and dies with the 60th document.

Arguments: the database's address, the tenant's id, the job's arguments as JSON and a folder. Each
document that is rendered appends its number to `worked` there; where that has 60 lines before, the
process lives.
"""

import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from typing_extensions import override

from faktura.flows.job_context import JobContext
from faktura.flows.render_jobs import render_documents_job
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.nothing_kept import NothingKept
from faktura.hub.registry import Offer, Registry
from faktura.kernel.clock import SystemClock
from faktura.kernel.ids import Uuid7Source
from faktura.plugin import InvoiceDocument
from faktura.store.blobs import DirectoryStore
from faktura.store.database import open_database
from faktura_xrechnung.formats import XRechnungCii

LAST = 60


def format_that_dies(worked: Path) -> type[XRechnungCii]:
    """XRechnung that says what it renders and kills its process once."""

    class Dying(XRechnungCii):
        @override
        def render(self, document: InvoiceDocument) -> bytes:
            with worked.open("a") as file:
                file.write(f"{document.number}\n")
            if worked.read_text().count("\n") == LAST:
                os.kill(os.getpid(), signal.SIGKILL)
            return super().render(document)

    return Dying


def main(arguments: Sequence[str]) -> None:
    """Do the job."""
    url, tenant_id, args, folder = arguments
    clock = SystemClock()
    database = open_database(url, clock, Uuid7Source(clock))
    dying = format_that_dies(Path(folder) / "worked")
    registry = Registry(formats={dying.format_id: Offer(dying.format_id, "xrechnung", dying)})
    adapters = Adapters(registry, NothingKept(), clock, Installation())
    context = JobContext(database, registry, adapters, DirectoryStore(Path(folder) / "content"))
    render_documents_job(context, int(tenant_id), json.loads(args))
    database.close()


if __name__ == "__main__":
    main(sys.argv[1:])
