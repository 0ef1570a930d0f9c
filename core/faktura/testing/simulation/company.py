"""The company that is simulated: its settings, what it sells, over whom it collects."""

import json
from dataclasses import dataclass
from decimal import Decimal

from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.dunning_policies import DunningLevel, DunningPolicy
from faktura.domain.payment_accounts import AccountLimits, PaymentAccount
from faktura.domain.tenants import Seller, Tenant
from faktura.flows.imports import import_file
from faktura.kernel.terms import PaymentMethod
from faktura.services.bank_accounts import add_bank_account
from faktura.services.imports.catalogue import import_catalogue, read_catalogue_file
from faktura.services.imports.entries import ImportFile
from faktura.services.payment_accounts import add_account
from faktura.services.tenants import set_up_tenant
from faktura.store.database import Database
from faktura.store.transaction import Tx
from faktura.testing.simulation import bank_adapter, psp_adapter, rendering

KEY = "simulated"
_LEDGER_ACCOUNT = "1200"
_FEES_MINOR = (0, 250, 500)

TENANT = Tenant(
    0,
    KEY,
    Seller(
        "Simulierte Abos GmbH",
        Address("Am Würfel 6", "10115", "Berlin"),
        ContactPerson("Sina Zufall", "+49 30 5550606", "sina@abos.example"),
        vat_id="DE123456788",
        tax_number="27/123/45678",
        register_number="HRB 6060",
        iban="DE02120300000000202051",
        creditor_id="DE98ZZZ09999999999",
    ),
    document_format=rendering.NAME,
    dunning=DunningPolicy(
        levels=tuple(DunningLevel(days=10, fee=fee) for fee in _FEES_MINOR),
        by_itself=True,
        letters=False,
    ),
    sandbox=True,
)


@dataclass(frozen=True, slots=True)
class Offered:
    """An article: `unit` is a billing interval's, PIECE for any, HOUR for one-offs."""

    number: str
    unit: str
    price: str
    group: str = "standard"


OFFERED = (
    Offered("M-BASIC", "MONTH", "29.00"),
    Offered("M-PRO", "MONTH", "59.90"),
    Offered("M-PRINT", "MONTH", "9.80", "reduced"),
    Offered("SEAT", "PIECE", "12.505"),
    Offered("Y-LICENCE", "YEAR", "480.00"),
    Offered("Y-CARE", "YEAR", "119.99"),
    Offered("HOUR", "HOUR", "95.00"),
)


def set_up_company(database: Database) -> Tenant:
    """The tenant with its catalogue, its bank account and the accounts it collects over."""
    with database.write(0) as tx:
        tenant = set_up_tenant(tx, TENANT)
    with database.write(tenant.id) as tx:
        add_bank_account(
            tx,
            tenant.seller.iban,
            holder=tenant.seller.legal_name,
            ledger_account=_LEDGER_ACCOUNT,
        )
        add_accounts(tx)
    file = ImportFile("catalogue.json", json.dumps(_catalogue()).encode())
    import_file(database, tenant, file, read_catalogue_file, import_catalogue)
    return tenant


def add_accounts(tx: Tx) -> None:
    """Where the simulated PSP and the simulated bank collect."""
    by_psp = frozenset({PaymentMethod.CARD, PaymentMethod.PAYPAL})
    by_bank = frozenset({PaymentMethod.SEPA_DEBIT})
    euro = frozenset({"EUR"})
    psp, bank = psp_adapter.NAME, bank_adapter.NAME
    add_account(tx, PaymentAccount(psp, psp, by_psp), AccountLimits(by_psp, euro))
    limits = AccountLimits(by_bank, euro, files_debits=True)
    add_account(tx, PaymentAccount(bank, bank, by_bank), limits)


def raised(price: str, percent: int) -> str:
    """A price raised by some per cent, of three decimals."""
    return str((Decimal(price) * (100 + percent) / 100).quantize(Decimal("0.001")))


def _catalogue() -> dict[str, object]:
    return {
        "projects": [{"key": "main", "name": "Abos"}],
        "taxGroups": [
            {
                "key": key,
                "case": key.upper(),
                "rates": [{"validFrom": "2007-01-01", "rate": rate}],
            }
            for key, rate in (("standard", "19"), ("reduced", "7"))
        ],
        "productGroups": [
            {"key": key, "name": key.title(), "taxGroup": key} for key in ("standard", "reduced")
        ],
        "articles": [
            {
                "articleNumber": one.number,
                "name": f"Leistung {one.number}",
                "productGroup": one.group,
                "unit": one.unit,
                "supply": "SERVICE",
                "recurring": one.unit != "HOUR",
                "prices": [{"unitPrice": one.price, "currency": "EUR"}],
            }
            for one in OFFERED
        ],
    }
