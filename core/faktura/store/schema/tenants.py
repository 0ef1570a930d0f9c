"""Tenants, their number ranges, and the chain of seals over their facts."""

from sqlalchemy import Column, Integer, Table, UniqueConstraint

from faktura.store.schema.meta import count, day, digest, metadata, moment, tenant_id, text, word

tenant = Table(
    "tenant",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    word("key"),
    text("data"),
    moment("created_at"),
    UniqueConstraint("key"),
)

# The number block of a run is taken from the row that is valid on the day (P20, P22).
number_range = Table(
    "number_range",
    metadata,
    tenant_id(),
    word("name", key=True),
    day("valid_from", key=True),
    word("prefix"),
    count("width"),
    count("next"),
)

# One row a tenant: whoever writes facts locks it; it knows the last seal and journal number.
chain_head = Table(
    "chain_head",
    metadata,
    tenant_id(),
    count("seal_seq"),
    digest("seal_hash"),
    count("entry_seq"),
    # Read with the lock that every posting takes: nothing slips into a month being locked.
    day("locked_to", optional=True),
)

# One row a transaction that wrote facts: root over the facts' hashes, chained by hash.
seal = Table(
    "seal",
    metadata,
    tenant_id(),
    count("seq", key=True),
    digest("prev"),
    digest("root"),
    count("facts"),
    digest("hash"),
    moment("recorded_at"),
)
