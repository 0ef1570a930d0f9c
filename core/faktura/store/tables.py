"""The schema: tenant first in every key, facts insert-only, constraints in the database.

Each table is declared in a file of its noun; this module gathers them for migrations and bulk
writes.
"""

from sqlalchemy import Table

from faktura.store.schema.accounts import account_transaction, allocation, open_item
from faktura.store.schema.adapters import adapter_secret, adapter_setting, adapter_state
from faktura.store.schema.api import api_answer, api_key
from faktura.store.schema.banking import (
    bank_account,
    bank_connection,
    bank_feed,
    bank_statement,
    bank_transaction,
    bank_upload,
    feed_account,
    feed_task,
    match_decision,
    movement_alias,
    payer_account,
)
from faktura.store.schema.billing import (
    activity,
    billing_chunk,
    billing_run,
    discount_use,
    invoice_draft,
    quarantine,
)
from faktura.store.schema.catalogue import article, article_price, product_group, project, tax_group
from faktura.store.schema.contracts import (
    commission_rule,
    contract,
    contract_discount,
    contract_template,
    subscription,
    subscription_item,
    subscription_pause,
)
from faktura.store.schema.customers import customer
from faktura.store.schema.documents import (
    blob,
    document,
    document_line,
    document_link,
    line_correction,
    rendering,
)
from faktura.store.schema.dunning import (
    base_rate,
    dunning_chunk,
    dunning_failure,
    dunning_item,
    dunning_level,
    dunning_notice,
    dunning_run,
    dunning_stop,
)
from faktura.store.schema.events import delivery, delivery_attempt, event, event_detail
from faktura.store.schema.exports import (
    accounting_link,
    document_upload,
    export_batch,
    export_entry,
    export_transfer,
    link_call,
    link_login,
)
from faktura.store.schema.jobs import job, schedule_tick
from faktura.store.schema.journal import (
    deferral,
    draft_entry,
    journal_entry,
    ledger_account,
    leg,
    period_lock,
)
from faktura.store.schema.mails import mail, mail_bounce, mail_file, mail_text
from faktura.store.schema.meta import metadata
from faktura.store.schema.payments import (
    chargeback,
    debit_file,
    inbox,
    pay_link,
    payment_account,
    payment_attempt,
    payment_means,
    payment_refund,
)
from faktura.store.schema.tasks import task
from faktura.store.schema.tenants import chain_head, number_range, seal, tenant
from faktura.store.schema.users import membership, sign_in_link, user_account, web_session
from faktura.store.schema.vat_checks import vat_check
from faktura.store.schema.webhooks import webhook_endpoint

# Facts under a seal: whatever is changed in them is found by `verify` (O15).
SEALED: tuple[Table, ...] = (
    document,
    document_line,
    account_transaction,
    allocation,
    journal_entry,
    leg,
    event,
    seal,
    document_link,
    line_correction,
    period_lock,
)

# A trigger refuses UPDATE and DELETE of these on both databases (P23, P24). A notice's content is in the
# event that tells of it; a check of a VAT id is what somebody else said.
INSERT_ONLY: tuple[Table, ...] = (*SEALED, dunning_notice, dunning_item, vat_check)

__all__ = [
    "INSERT_ONLY",
    "SEALED",
    "account_transaction",
    "accounting_link",
    "activity",
    "adapter_secret",
    "adapter_setting",
    "adapter_state",
    "allocation",
    "api_answer",
    "api_key",
    "article",
    "article_price",
    "bank_account",
    "bank_connection",
    "bank_feed",
    "bank_statement",
    "bank_transaction",
    "bank_upload",
    "base_rate",
    "billing_chunk",
    "billing_run",
    "blob",
    "chain_head",
    "chargeback",
    "commission_rule",
    "contract",
    "contract_discount",
    "contract_template",
    "customer",
    "debit_file",
    "deferral",
    "delivery",
    "delivery_attempt",
    "discount_use",
    "document",
    "document_line",
    "document_link",
    "document_upload",
    "draft_entry",
    "dunning_chunk",
    "dunning_failure",
    "dunning_item",
    "dunning_level",
    "dunning_notice",
    "dunning_run",
    "dunning_stop",
    "event",
    "event_detail",
    "export_batch",
    "export_entry",
    "export_transfer",
    "feed_account",
    "feed_task",
    "inbox",
    "invoice_draft",
    "job",
    "journal_entry",
    "ledger_account",
    "leg",
    "line_correction",
    "link_call",
    "link_login",
    "mail",
    "mail_bounce",
    "mail_file",
    "mail_text",
    "match_decision",
    "membership",
    "metadata",
    "movement_alias",
    "number_range",
    "open_item",
    "pay_link",
    "payer_account",
    "payment_account",
    "payment_attempt",
    "payment_means",
    "payment_refund",
    "period_lock",
    "product_group",
    "project",
    "quarantine",
    "rendering",
    "schedule_tick",
    "seal",
    "sign_in_link",
    "subscription",
    "subscription_item",
    "subscription_pause",
    "task",
    "tax_group",
    "tenant",
    "user_account",
    "vat_check",
    "web_session",
    "webhook_endpoint",
]
