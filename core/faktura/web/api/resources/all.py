"""Every resource, in the order of the reference."""

from faktura.web.api.operation import Resource
from faktura.web.api.resources.accounting_exports import ACCOUNTING_EXPORTS
from faktura.web.api.resources.accounting_links import ACCOUNTING_LINKS
from faktura.web.api.resources.bank_accounts import BANK_ACCOUNTS
from faktura.web.api.resources.bank_connections import BANK_CONNECTIONS
from faktura.web.api.resources.bank_statements import BANK_STATEMENTS
from faktura.web.api.resources.bank_transactions import BANK_TRANSACTIONS
from faktura.web.api.resources.billing_runs import BILLING_RUNS
from faktura.web.api.resources.bookings import BOOKINGS
from faktura.web.api.resources.books import ACCOUNTING_DRAFTS, TRIAL_BALANCE
from faktura.web.api.resources.chargebacks import CHARGEBACKS
from faktura.web.api.resources.contract_billing import CONTRACT_BILLING
from faktura.web.api.resources.contract_bookings import CONTRACT_BOOKINGS
from faktura.web.api.resources.contract_changes import CONTRACT_CHANGES
from faktura.web.api.resources.contract_discounts import CONTRACT_DISCOUNTS
from faktura.web.api.resources.contract_history import CONTRACT_HISTORY
from faktura.web.api.resources.contract_pauses import CONTRACT_PAUSES
from faktura.web.api.resources.contract_templates import CONTRACT_TEMPLATES
from faktura.web.api.resources.contracts import CONTRACTS
from faktura.web.api.resources.credit_notes import CREDIT_NOTES
from faktura.web.api.resources.customers import CUSTOMERS
from faktura.web.api.resources.debit_files import DEBIT_FILES
from faktura.web.api.resources.debtor_statements import CUSTOMER_ACCOUNTS
from faktura.web.api.resources.deferrals import DEFERRALS
from faktura.web.api.resources.deliveries import DELIVERIES
from faktura.web.api.resources.deposits import DEPOSITS
from faktura.web.api.resources.dunning_notices import DUNNING_NOTICES
from faktura.web.api.resources.dunning_policy import DUNNING_POLICY
from faktura.web.api.resources.dunning_runs import DUNNING_RUNS
from faktura.web.api.resources.dunning_stops import DUNNING_STOPS
from faktura.web.api.resources.invoice_corrections import INVOICE_CORRECTIONS
from faktura.web.api.resources.invoices import INVOICES
from faktura.web.api.resources.items import ITEMS
from faktura.web.api.resources.journal_entries import JOURNAL_ENTRIES
from faktura.web.api.resources.ledger_accounts import ACCOUNT_KEYS, LEDGER_ACCOUNTS
from faktura.web.api.resources.letters import LETTERS
from faktura.web.api.resources.mail_bounces import MAIL_BOUNCES
from faktura.web.api.resources.mail_texts import MAIL_TEXTS
from faktura.web.api.resources.mails import MAILS
from faktura.web.api.resources.mandates import MANDATES
from faktura.web.api.resources.payment_accounts import PAYMENT_ACCOUNTS
from faktura.web.api.resources.payment_means import PAYMENT_MEANS
from faktura.web.api.resources.payment_refunds import PAYMENT_REFUNDS
from faktura.web.api.resources.payment_sessions import PAYMENT_SESSIONS
from faktura.web.api.resources.payments import PAYMENTS
from faktura.web.api.resources.period_locks import PERIOD_LOCKS
from faktura.web.api.resources.product_groups import PRODUCT_GROUPS
from faktura.web.api.resources.projects import PROJECTS
from faktura.web.api.resources.tasks import TASKS
from faktura.web.api.resources.tax_groups import TAX_GROUPS
from faktura.web.api.resources.vat_id_checks import VAT_ID_CHECKS
from faktura.web.api.resources.webhooks import WEBHOOKS

RESOURCES: tuple[Resource, ...] = (
    CUSTOMERS,
    PROJECTS,
    PRODUCT_GROUPS,
    TAX_GROUPS,
    ITEMS,
    CONTRACTS,
    CONTRACT_CHANGES,
    CONTRACT_BILLING,
    CONTRACT_BOOKINGS,
    CONTRACT_HISTORY,
    CONTRACT_DISCOUNTS,
    CONTRACT_PAUSES,
    CONTRACT_TEMPLATES,
    BOOKINGS,
    TASKS,
    DEPOSITS,
    INVOICES,
    INVOICE_CORRECTIONS,
    CREDIT_NOTES,
    PAYMENTS,
    PAYMENT_SESSIONS,
    PAYMENT_REFUNDS,
    CHARGEBACKS,
    PAYMENT_MEANS,
    MANDATES,
    PAYMENT_ACCOUNTS,
    DEBIT_FILES,
    CUSTOMER_ACCOUNTS,
    LETTERS,
    DUNNING_POLICY,
    DUNNING_STOPS,
    DUNNING_RUNS,
    DUNNING_NOTICES,
    BILLING_RUNS,
    BANK_ACCOUNTS,
    BANK_CONNECTIONS,
    BANK_STATEMENTS,
    BANK_TRANSACTIONS,
    JOURNAL_ENTRIES,
    TRIAL_BALANCE,
    ACCOUNTING_DRAFTS,
    LEDGER_ACCOUNTS,
    ACCOUNT_KEYS,
    PERIOD_LOCKS,
    ACCOUNTING_EXPORTS,
    ACCOUNTING_LINKS,
    DEFERRALS,
    VAT_ID_CHECKS,
    MAILS,
    MAIL_BOUNCES,
    MAIL_TEXTS,
    WEBHOOKS,
    DELIVERIES,
)
