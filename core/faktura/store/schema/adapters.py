"""What the core keeps for adapters: settings, state, secrets, per (tenant, instance)."""

from sqlalchemy import Column, LargeBinary, Table

from faktura.store.schema.meta import metadata, moment, tenant_id, text, word

adapter_setting = Table(
    "adapter_setting", metadata, tenant_id(), word("instance", key=True), text("data")
)

adapter_state = Table(
    "adapter_state",
    metadata,
    tenant_id(),
    word("instance", key=True),
    word("name", key=True),
    text("value"),
    moment("changed_at"),
)

adapter_secret = Table(
    "adapter_secret",
    metadata,
    tenant_id(),
    word("instance", key=True),
    word("name", key=True),
    word("key_id"),
    Column("ciphertext", LargeBinary, nullable=False),
    moment("changed_at"),
)
