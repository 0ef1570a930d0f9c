"""A company whose customers are written letters."""

import json
import logging
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.services.company import TENANT, Company, NoState, settle
from tests.services.letters.writer import JsonLetters

from faktura.domain.addresses import Address
from faktura.domain.tenants import Tenant
from faktura.flows.letters import Letter, Letters, reminder_letter, statement_letter
from faktura.plugin import AccountStatement, AdapterSettings, DocumentFormat, Runtime
from faktura.services.account_statement import AskedStatement, account_statement
from faktura.services.reminders import AskedReminder
from faktura.store.customers import read_customer
from faktura.store.database import Database


@dataclass
class Formats:
    """The formats of the company: one."""

    only: DocumentFormat

    @property
    def offered(self) -> frozenset[str]:
        """Its name."""
        return frozenset({self.only.format_id})

    def format_of(self, format_id: str) -> DocumentFormat:
        """The format, whatever it is called."""
        return self.only


@dataclass
class LetterScene:
    """The company, its customers, and what they are written."""

    database: Database
    key: str = "werk"
    company: Company = field(init=False)
    formats: Formats = field(init=False)

    def __post_init__(self) -> None:
        tenant = replace(TENANT, key=self.key, document_format=None)
        self.company = Company(self.database, tenant)
        runtime = Runtime(self.database.clock, logging.getLogger("test"), NoState())
        self.formats = Formats(JsonLetters(AdapterSettings(), runtime))

    @property
    def tenant(self) -> Tenant:
        """The company."""
        return self.company.tenant

    def two_customers(self) -> None:
        """One German with two memberships, one English with an app by the month."""
        self.company.contract(self.company.customer(), "A-1", quantity=Decimal(2))
        english = self.company.customer(
            "FR",
            language="en",
            eu_tax_id="FR40303265045",
            name="Ève SARL",
            address=Address("3 rue Bleue", "75009", "Paris", "FR", care_of="c/o M. Roux"),
        )
        self.company.contract(english, "A-5")

    def settle(self, number: str, minor: int) -> None:
        """A payment of that many cents on 20 October."""
        settle(self.database, self.tenant, number, minor)

    def statement(self, customer: str, first: str, last: str, currency: str | None = None) -> Any:
        """The account statement that the format was given."""
        asked = AskedStatement(
            customer, date.fromisoformat(first), date.fromisoformat(last), currency
        )
        return _read(statement_letter(self.letters(), asked))

    def read_statement(self, customer: str, first: str, last: str) -> AccountStatement:
        """The account statement itself."""
        asked = AskedStatement(customer, date.fromisoformat(first), date.fromisoformat(last))
        with self.database.read(self.tenant.id) as tx:
            return account_statement(tx, self.tenant, asked)

    def customer_id(self, number: str) -> UUID:
        """The customer of that number."""
        with self.database.read(self.tenant.id) as tx:
            return read_customer(tx, number).id

    def reminder(self, customer: str, on: str, **more: Any) -> Any:
        """The reminder that the format was given."""
        asked = AskedReminder(customer, on=date.fromisoformat(on), **more)
        return _read(reminder_letter(self.letters(), asked))

    def letters(self) -> Letters:
        """What letters are written with."""
        return Letters(self.database, self.formats, self.tenant)


def _read(letter: Letter) -> Any:
    return json.loads(letter.content)
