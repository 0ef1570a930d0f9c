"""A period to a linked system: ids for its documents, the batch, then the handing over."""

from faktura.domain.jobs import Args, JobName
from faktura.domain.tenants import Tenant
from faktura.flows.exports import ExportReceipt, export_entries
from faktura.flows.handovers import Handing, send_batch
from faktura.flows.transactions import in_tx
from faktura.kernel.errors import BrokenOff
from faktura.plugin import AccountingExporter
from faktura.services.exports import ExportRequest, kinds_of
from faktura.services.handovers import lock_name
from faktura.services.link_tokens import good_link
from faktura.store.blobs import ContentStore
from faktura.store.database import Database
from faktura.store.document_uploads import allocate_guids
from faktura.store.export_entries import Selection
from faktura.store.jobs import enqueue
from faktura.store.transaction import Tx

WAITING = "WAITING"


def export_to_send(
    database: Database,
    contents: ContentStore,
    tenant: Tenant,
    exporter: AccountingExporter,
    request: ExportRequest,
) -> ExportReceipt:
    """Make the batch that is to be handed over; its rows name the documents by ids that exist.

    Raises as `export_entries` and, before anything is made, where there is no good connection.
    """
    with database.write(tenant.id) as tx:
        good_link(tx, exporter.target)
        kinds = kinds_of(request.options)
        allocate_guids(tx, Selection(exporter.target, request.start, request.end, kinds))
    return export_entries(database, contents, tenant, exporter, request)


async def send_or_go_on_later(handing: Handing) -> str:
    """Hand the batch over; where it stands, WAITING when a job goes on with it later.

    Raises as `send_batch`, but for what an outage cuts off.
    """
    try:
        return await send_batch(handing)
    except BrokenOff:
        linked = handing.linked
        await in_tx(linked.database, linked.tenant_id, go_on_later, linked.target, handing.number)
        return WAITING


def go_on_later(tx: Tx, target: str, number: int) -> None:
    """Have a job hand the batch over."""
    args: Args = {"target": target, "batch": number}
    enqueue(tx, JobName.SEND_EXPORT, args, lock=lock_name(target, number))
