"""Facts as webhooks: bodies are made for many at a time, each is signed and sent as its turn comes."""

from collections.abc import Sequence
from uuid import UUID

from typing_extensions import override

from faktura.domain.events import Delivery
from faktura.domain.webhook_signing import Signer
from faktura.domain.webhooks import Endpoint, Heard
from faktura.flows.job_context import JobContext
from faktura.flows.messengers import Messenger, Told
from faktura.flows.sandbox import check_address
from faktura.flows.transactions import in_read_tx, in_tx
from faktura.flows.webhook_sending import IN_FLIGHT, Line, Webhook
from faktura.kernel.errors import Misconfigured
from faktura.services.endpoint_health import note
from faktura.services.event_bodies import body_texts
from faktura.services.webhook_secrets import signer_of
from faktura.store.database import Database
from faktura.store.secrets import KeyRing
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx
from faktura.store.webhooks import find_endpoint


async def open_endpoint(
    context: JobContext, tenant_id: int, endpoint_id: UUID
) -> "EndpointMessenger | None":
    """The way to an endpoint; None while it is paused, switched off or left alone, or removed.

    Where none leads there at all, as after its host was taken out of the settings, or out of a sandbox
    (F137), it has failed as
    if it had answered so, and None is given. Raises as `read_secrets`: a lost key is no failure of its.
    """
    database = context.database
    found = await in_read_tx(database, tenant_id, _ready, endpoint_id, context.keys)
    if found is None:
        return None
    endpoint, signer, is_sandbox = found
    try:
        if is_sandbox:
            check_address(endpoint.url, context.sandbox_hosts)
        line = Line.open(endpoint.url, signer, database.clock, context.private_hosts)
    except Misconfigured as error:
        heard = Heard(taken=0, failed=1, problem=error.problem)
        await in_tx(database, tenant_id, note, endpoint_id, heard)
        return None
    return EndpointMessenger(database, tenant_id, line, endpoint)


class EndpointMessenger(Messenger):
    """Sends to one endpoint; one that has failed of late gets a single one until it takes it.

    A page at a time it looks whether that endpoint still wants them, there and signed so.
    """

    def __init__(self, database: Database, tenant_id: int, line: Line, endpoint: Endpoint) -> None:
        self._database = database
        self._tenant_id = tenant_id
        self._line = line
        self._endpoint = endpoint
        self._in_flight = 1 if endpoint.is_doubtful else IN_FLIGHT
        self._is_over = False
        self._bodies: dict[UUID, bytes] = {}

    @property
    @override
    def in_flight(self) -> int:
        """How many webhooks may be on their way at once; none once the endpoint is another one."""
        return 0 if self._is_over else self._in_flight

    @override
    async def prepare(self, deliveries: Sequence[Delivery]) -> None:
        """Make the bodies of these, a few queries for all of them."""
        bodies, self._is_over = await in_read_tx(
            self._database, self._tenant_id, self._look, deliveries
        )
        self._bodies.update(bodies)

    def _look(self, tx: Tx, deliveries: Sequence[Delivery]) -> tuple[dict[UUID, bytes], bool]:
        """Bodies, and whether the endpoint was paused, removed, moved or given another secret."""
        known, now = self._endpoint, find_endpoint(tx, self._endpoint.id)
        same = now is not None and (now.state, now.url, now.rotated_at) == (
            known.state,
            known.url,
            known.rotated_at,
        )
        return body_texts(tx, deliveries), not same

    @override
    async def tell(self, delivery: Delivery) -> Told:
        """Sign and send it."""
        if delivery.id not in self._bodies:
            await self.prepare([delivery])
        body = self._bodies.pop(delivery.id)
        told = await self._line.send(
            Webhook(str(delivery.id), delivery.type, delivery.tenant_key, body)
        )
        if told.taken:
            self._in_flight = IN_FLIGHT
        return told

    @override
    async def close(self) -> None:
        """Close its connections."""
        await self._line.close()


def _ready(tx: Tx, endpoint_id: UUID, keys: KeyRing) -> tuple[Endpoint, Signer, bool] | None:
    endpoint = find_endpoint(tx, endpoint_id)
    if endpoint is None or not endpoint.may_be_sent_to(tx.now()):
        return None
    return endpoint, signer_of(tx, keys, endpoint), read_tenant(tx).sandbox
