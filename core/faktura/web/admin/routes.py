"""Where the pages of the administration lie: always inside a tenant, so no address ever changes.

Short addresses lead to the only tenant; `/admin/t/` leaves the rest of `/admin` to pages of the
installation.
"""

from aiohttp import web

from faktura.web.admin.bank import bank_page, change_pin, connect_bank, sync_bank
from faktura.web.admin.invoice import invoice_file, invoice_page
from faktura.web.admin.invoices import invoices_page
from faktura.web.admin.recipients import contract_recipients, customer_recipients
from faktura.web.admin.status import status_page
from faktura.web.admin.tenants import short_address, tenants_page
from faktura.web.tenant import NUMBER

_TENANT = f"/admin/t/{{tenant:{NUMBER}}}"
_INVOICE = f"/invoices/{{number:{NUMBER}}}"
_CONNECTION = "{connection:[0-9a-f-]{36}}"
_CUSTOMER_RECIPIENTS = f"{_TENANT}/customers/{{number:{NUMBER}}}/recipients"
_CONTRACT_RECIPIENTS = f"{_TENANT}/contracts/{{number:{NUMBER}}}/recipients"

ADMIN = (
    web.get("/admin", tenants_page, name="tenants"),
    web.get(f"{_TENANT}/status", status_page, name="status"),
    web.get(f"{_TENANT}/invoices", invoices_page, name="invoices"),
    web.get(f"{_TENANT}/bank", bank_page, name="bank"),
    web.post(f"{_TENANT}/bank/connect", connect_bank, name="bank_connect"),
    web.post(f"{_TENANT}/bank/{_CONNECTION}/sync", sync_bank, name="bank_sync"),
    web.post(f"{_TENANT}/bank/{_CONNECTION}/pin", change_pin, name="bank_pin"),
    web.get(_CUSTOMER_RECIPIENTS, customer_recipients, name="customer_recipients"),
    web.post(_CUSTOMER_RECIPIENTS, customer_recipients),
    web.get(_CONTRACT_RECIPIENTS, contract_recipients, name="contract_recipients"),
    web.post(_CONTRACT_RECIPIENTS, contract_recipients),
    web.get(f"{_TENANT}{_INVOICE}", invoice_page, name="invoice"),
    web.get(f"{_TENANT}{_INVOICE}/file", invoice_file, name="invoice_file"),
    *(
        web.get(path, short_address)
        for path in ("/status", "/invoices", "/bank", _INVOICE, f"{_INVOICE}/file")
    ),
)
