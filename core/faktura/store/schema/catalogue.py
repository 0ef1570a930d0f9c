"""What is sold and how it is taxed: projects, tax groups, product groups, articles, prices."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Table, UniqueConstraint, false

from faktura.kernel.terms import ArticleUnit, Supply
from faktura.store.schema.meta import (
    CLUSTERED,
    count,
    day,
    metadata,
    one_of,
    parent,
    scaled,
    tenant_id,
    text,
    uid,
    word,
)

project = Table(
    "project",
    metadata,
    tenant_id(),
    uid(key=True),
    word("key"),
    text("name"),
    # Whether keys reach it (F114): a project is silent until somebody switches it on.
    Column("api_enabled", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("tenant_id", "key"),
)

tax_group = Table("tax_group", metadata, tenant_id(), word("key", key=True), text("data"))

product_group = Table(
    "product_group",
    metadata,
    tenant_id(),
    word("key", key=True),
    text("name"),
    word("tax_group_key"),
    word("revenue_account", optional=True),
    parent(["tax_group_key"], "tax_group", ["key"]),
)

article = Table(
    "article",
    metadata,
    tenant_id(),
    uid(key=True),
    word("number"),
    uid("project_id", optional=True),
    word("product_group_key"),
    text("name"),
    word("unit"),
    word("supply"),
    Column("recurring", Boolean, nullable=False),
    text("description"),
    text("html_description"),
    word("cost_centre", optional=True),
    # How often it was changed: who keeps the catalogue in memory sees that theirs is old.
    Column("changes", BigInteger, nullable=False, server_default="0"),
    # What a pause of the subscription means for it (P10).
    Column("pause_extends_term", Boolean, nullable=False, server_default=false()),
    Column("pause_billed_later", Boolean, nullable=False, server_default=false()),
    Column("whole_periods_only", Boolean, nullable=False, server_default=false()),
    # Shares of several cost centres and objects as JSON; stands in for the one cost centre.
    text("costs", optional=True),
    UniqueConstraint("tenant_id", "number"),
    parent(["project_id"], "project", ["id"]),
    parent(["product_group_key"], "product_group", ["key"]),
    one_of("unit", ArticleUnit),
    one_of("supply", Supply),
)

article_price = Table(
    "article_price",
    metadata,
    tenant_id(),
    uid("article_id", key=True),
    count("no", key=True),
    scaled("unit_price"),
    word("currency"),
    day("valid_from", optional=True),
    day("valid_until", optional=True),
    scaled("from_quantity"),
    parent(["article_id"], "article", ["id"]),
    CheckConstraint("valid_until > valid_from", name="valid_forward"),
    **CLUSTERED,
)
