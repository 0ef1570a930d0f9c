"""Customers: what is searched for in columns, the rest of the record as JSON."""

from sqlalchemy import Table, UniqueConstraint

from faktura.store.schema.meta import day, metadata, moment, tenant_id, text, uid, word

customer = Table(
    "customer",
    metadata,
    tenant_id(),
    uid(key=True),
    word("number"),
    text("name"),
    word("debtor_account"),
    word("country"),
    text("data"),
    moment("created_at"),
    # The last decisive check of the VAT id as JSON, frozen on invoices from then on (F120).
    text("vat_checked", optional=True),
    # A sandbox's customer may live on a day of its own: its "today" (O23).
    day("simulated_on", optional=True),
    UniqueConstraint("tenant_id", "number"),
    UniqueConstraint("tenant_id", "debtor_account"),
)
