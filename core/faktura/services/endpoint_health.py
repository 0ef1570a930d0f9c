"""How endpoints of webhooks are doing: left alone while they fail, switched off after days of it."""

from uuid import UUID

from faktura.domain.events import Event, EventType
from faktura.domain.webhook_addresses import host_of
from faktura.domain.webhooks import Endpoint, Heard, after_hearing
from faktura.kernel.clock import zone
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.outbox_terms import EndpointState, MailUse
from faktura.services.mail_outbox import ask_for_mail
from faktura.services.payment_events import write_events
from faktura.store.events import next_sequences
from faktura.store.tasks import ask_once
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx
from faktura.store.webhooks import find_endpoint, make_pending_due, rewrite_endpoint

_OBJECT = "webhook_endpoint"


def note(tx: Tx, endpoint_id: UUID, heard: Heard) -> None:
    """Keep what an endpoint answered, in the transaction that keeps the deliveries.

    One that is switched off by it is told of: by an event, to a person and by mail to the tenant.
    One that answers again after it was left alone gets all that waits. Nothing for one that was removed.
    """
    before = find_endpoint(tx, endpoint_id, lock=True)
    if before is None or before.is_known_to_take(heard, tx.now()):
        return
    after = after_hearing(before, heard, tx.now())
    rewrite_endpoint(tx, after)
    # Not after a few failures: a fact that it never takes would spend its tries within minutes.
    if before.is_doubtful and not after.failures:
        make_pending_due(tx, after.subscriber)
    if after.state is EndpointState.DISABLED and before.state is not EndpointState.DISABLED:
        _tell(tx, after)


def _tell(tx: Tx, endpoint: Endpoint) -> None:
    # The host alone: what stands behind it in the address may be a secret of the receiver's.
    host, since = host_of(endpoint.url), endpoint.failing_since or tx.now()
    data: dict[str, object] = {
        "endpoint": str(endpoint.id),
        "host": host,
        "failingSince": since.isoformat(),
        "failures": endpoint.failures,
        "problem": endpoint.problem,
    }
    sequence = next_sequences(tx, [endpoint.id])[endpoint.id]
    write_events(tx, [Event(EventType.WEBHOOK_DISABLED, _OBJECT, endpoint.id, sequence, data)])
    ask_once(
        tx,
        TaskKind.WEBHOOK_DISABLED,
        str(endpoint.id),
        f"The webhook endpoint {host} is switched off: {endpoint.problem}. When it answers again,"
        f" run: faktura webhooks resume {endpoint.id}",
    )
    ask_for_mail(
        tx,
        MailUse.WEBHOOK_DISABLED,
        f"endpoint:{endpoint.id}:{sequence}",
        lane=endpoint.subscriber,
        given={
            "endpoint": {
                "url": f"https://{host}",
                "since": since.astimezone(zone(read_tenant(tx).time_zone)).date().isoformat(),
                "failures": endpoint.failures,
                "problem": endpoint.problem,
            }
        },
    )
