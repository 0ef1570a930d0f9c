"""Endpoints of webhooks; their secrets lie with those of adapters, encrypted."""

from sqlalchemy import Table

from faktura.kernel.outbox_terms import EndpointState
from faktura.store.schema.meta import count, metadata, moment, one_of, tenant_id, text, uid, word

# `event_types` is a JSON list, empty for all. `next_try_at` is set while it does not answer: nothing is
# sent before.
webhook_endpoint = Table(
    "webhook_endpoint",
    metadata,
    tenant_id(),
    uid(key=True),
    text("url"),
    text("description"),
    text("event_types"),
    word("state"),
    count("failures"),
    moment("failing_since", optional=True),
    moment("next_try_at", optional=True),
    moment("last_delivered_at", optional=True),
    text("problem"),
    moment("rotated_at", optional=True),
    moment("created_at"),
    moment("changed_at"),
    moment("deleted_at", optional=True),
    one_of("state", EndpointState),
)
