"""The sheets of documents that are no plain invoices: deposits, final invoices, credits, openings."""

from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from tests.services.company import XRechnung, settle
from tests.web.company import company_app
from tests.web.test_pages import NORD, text_of
from tests.web.visits import Browser, visiting

from faktura.bootstrap import App
from faktura.domain.line_parts import LinePart
from faktura.services.credit_notes import (
    CorrectingCredit,
    correct_credit_note,
    create_credit_note,
)
from faktura.services.deposits import request_deposit
from faktura.services.final_invoices import issue_final
from faktura.services.imports.credit_note_file import CreditNoteFields
from faktura.services.imports.deposit_fields import DepositFields, FinalInvoiceFields
from faktura.services.imports.opening_file import OpeningItemFields
from faktura.services.issuing import Desk
from faktura.services.opening_items import create_opening_item
from faktura.store.customers import change_customer, read_customer
from faktura.store.tenants import read_tenant

OPENING = {
    "customerNumber": "K-2",
    "number": "ALT-17",
    "issuedOn": "2026-08-15",
    "dueOn": "2026-09-14",
    "amount": "119.00",
    "text": "Wartung August",
}
