"""What waits for a person."""

from sqlalchemy import Index, Table

from faktura.kernel.contract_terms import TaskKind
from faktura.store.schema.meta import metadata, moment, one_of, tenant_id, text, uid, word

task = Table(
    "task",
    metadata,
    tenant_id(),
    uid(key=True),
    word("kind"),
    uid("contract_id", optional=True),
    text("problem"),
    moment("created_at"),
    moment("done_at", optional=True),
    # What else it is about: a document or a customer by number, an attempt by id; empty for neither.
    text("subject", optional=True),
    one_of("kind", TaskKind),
    Index(None, "tenant_id", "contract_id"),
)
