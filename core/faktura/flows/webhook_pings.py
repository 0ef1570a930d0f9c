"""Trying an endpoint out: a webhook of type PING that tells no fact, signed like all others."""

from uuid import UUID

from faktura.domain.tenants import Tenant
from faktura.domain.webhook_signing import Signer
from faktura.domain.webhooks import PING, Endpoint
from faktura.flows.messengers import Told
from faktura.flows.sandbox import check_address
from faktura.flows.transactions import in_read_tx
from faktura.flows.webhook_sending import Line, Webhook, body_bytes
from faktura.kernel.errors import Misconfigured
from faktura.services.webhook_secrets import signer_of
from faktura.store.database import Database
from faktura.store.secrets import KeyRing
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx
from faktura.store.webhooks import endpoint_of_id


async def ping_endpoint(
    database: Database,
    keys: KeyRing,
    tenant_id: int,
    endpoint_id: UUID,
    private_hosts: frozenset[str],
    sandbox_hosts: frozenset[str] = frozenset(),
) -> Told:
    """What the endpoint answers to a ping, also while it is paused or switched off.

    Nothing is kept of it. Where no way leads there, as after its host was taken out of the settings,
    it is told so. Raises NotFound.
    """
    endpoint, signer, tenant = await in_read_tx(database, tenant_id, _look, keys, endpoint_id)
    ping_id = str(database.new_id())
    body = body_bytes(
        {
            "id": ping_id,
            "type": PING,
            "tenant": tenant.key,
            "sequence": 0,
            "occurred_at": database.clock.now().isoformat(),
            "object": {"type": "webhook_endpoint", "id": str(endpoint.id)},
            "data": {},
        }
    )
    try:
        if tenant.sandbox:
            check_address(endpoint.url, sandbox_hosts)
        line = Line.open(endpoint.url, signer, database.clock, private_hosts)
    except Misconfigured as error:
        return Told(taken=False, status=None, answer="", milliseconds=0, error=error.as_dict())
    try:
        return await line.send(Webhook(ping_id, PING, tenant.key, body))
    finally:
        await line.close()


def _look(tx: Tx, keys: KeyRing, endpoint_id: UUID) -> tuple[Endpoint, Signer, Tenant]:
    endpoint = endpoint_of_id(tx, endpoint_id)
    return endpoint, signer_of(tx, keys, endpoint), read_tenant(tx)
