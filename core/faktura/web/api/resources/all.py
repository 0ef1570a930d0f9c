"""Every resource, in the order of the reference."""

from faktura.web.api.operation import Resource
from faktura.web.api.resources.bank_accounts import BANK_ACCOUNTS
from faktura.web.api.resources.bank_statements import BANK_STATEMENTS
from faktura.web.api.resources.bank_transactions import BANK_TRANSACTIONS
from faktura.web.api.resources.billing_runs import BILLING_RUNS
from faktura.web.api.resources.contracts import CONTRACTS
from faktura.web.api.resources.customers import CUSTOMERS
from faktura.web.api.resources.invoices import INVOICES
from faktura.web.api.resources.items import ITEMS
from faktura.web.api.resources.product_groups import PRODUCT_GROUPS
from faktura.web.api.resources.projects import PROJECTS
from faktura.web.api.resources.tax_groups import TAX_GROUPS

RESOURCES: tuple[Resource, ...] = (
    CUSTOMERS,
    PROJECTS,
    PRODUCT_GROUPS,
    TAX_GROUPS,
    ITEMS,
    CONTRACTS,
    INVOICES,
    BILLING_RUNS,
    BANK_ACCOUNTS,
    BANK_STATEMENTS,
    BANK_TRANSACTIONS,
)
