"""New customers with a contract each: imported as files, as a company brings them over or in."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from faktura.domain.tenants import Tenant
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import MeansReference, SavedMeans
from faktura.services.imports.contracts import import_contracts, read_contract_file
from faktura.services.imports.customers import import_customers, read_customer_file
from faktura.services.imports.entries import ImportFile
from faktura.services.payment_means import save_means
from faktura.store.customers import read_customer
from faktura.store.transaction import Tx
from faktura.testing.simulation import psp_adapter
from faktura.testing.simulation.chance import Chance
from faktura.testing.simulation.habits import METHODS

_BANK_CODE = "37040044"
_BY_PSP = ("CARD", "PAYPAL")
_FIRST_DAYS = 28
# Between two invoices; every ninth contract is by the year.
_MONTHS = (1, 1, 1, 1, 3, 3, 3, 6)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A customer and their contract; `articles` recur, each in the unit of the interval."""

    no: int
    method: str
    start: date
    interval: tuple[int, str]
    articles: tuple[tuple[str, int], ...]
    in_advance: bool

    @property
    def customer(self) -> str:
        """The customer's number."""
        return f"S-{self.no:07}"

    @property
    def contract(self) -> str:
        """The contract's number."""
        return f"A-{self.no:07}"

    @property
    def iban(self) -> str:
        """Where they pay from."""
        return german_iban(self.no)

    @property
    def name(self) -> str:
        """What they are called."""
        return f"Kunde {self.no} GmbH"


def newcomer(chance: Chance, no: int, start: date) -> Newcomer:
    """Who comes as the `no`-th."""
    unit = chance.choose(("MONTH",) * 8 + ("YEAR",), "unit", no)
    count = chance.choose(_MONTHS, "count", no) if unit == "MONTH" else 1
    main = chance.choose(("M-BASIC", "M-PRO", "M-PRINT"), "main", no)
    articles = [(main if unit == "MONTH" else "Y-LICENCE", 1 + chance.below(2, "quantity", no))]
    if chance.below(3, "seats", no) == 0:
        articles.append(("SEAT", 1 + chance.below(9, "seat-count", no)))
    return Newcomer(
        no,
        chance.choose(METHODS, "method", no),
        start,
        (count, unit),
        tuple(articles),
        chance.below(5, "arrears", no) > 0,
    )


def first_newcomers(chance: Chance, count: int, start: date) -> list[Newcomer]:
    """Whom the company begins with; their contracts begin within four weeks."""
    return [
        newcomer(chance, no, start + timedelta(days=chance.below(_FIRST_DAYS, "first-day", no)))
        for no in range(1, count + 1)
    ]


def bring_in(tx: Tx, tenant: Tenant, newcomers: Sequence[Newcomer]) -> None:
    """Write customers, contracts and means of payment, all of them or none."""
    customers = ImportFile("customers.json", json.dumps([*map(_customer, newcomers)]).encode())
    contracts = ImportFile("contracts.json", json.dumps([*map(_contract, newcomers)]).encode())
    import_customers(tx, tenant, read_customer_file(customers))
    for one in newcomers:
        if one.method in _BY_PSP:
            means = SavedMeans(
                means=MeansReference(reference=f"tok_{one.no:07}"),
                method=PaymentMethod(one.method),
                label=f"{one.method} {one.no % 10_000:04}",
            )
            save_means(tx, read_customer(tx, one.customer).id, psp_adapter.NAME, means)
    import_contracts(tx, tenant, read_contract_file(contracts))


def german_iban(no: int) -> str:
    """The IBAN of the account of that number at a German bank (ISO 13616)."""
    bban = f"{_BANK_CODE}{no:010}"
    check = 98 - int(f"{bban}131400") % 97
    return f"DE{check:02}{bban}"


def _customer(one: Newcomer) -> dict[str, object]:
    told: dict[str, object] = {
        "customerNumber": one.customer,
        "name": one.name,
        "isBusiness": True,
        "billingAddress": {
            "street": f"Weg {one.no}",
            "zipCode": f"{10_000 + one.no % 80_000}",
            "city": "Berlin",
            "country": "DE",
        },
        "email": f"kunde-{one.no}@kunden.example",
        "paymentMethod": one.method,
    }
    if one.method == "SEPA_DEBIT":
        signed = one.start - timedelta(days=30)
        told["mandate"] = {
            "reference": f"M-{one.no:07}",
            "iban": one.iban,
            "signedOn": signed.isoformat(),
        }
    return told


def _contract(one: Newcomer) -> dict[str, object]:
    count, unit = one.interval
    return {
        "contractNumber": one.contract,
        "customerNumber": one.customer,
        "start": one.start.isoformat(),
        "billingInterval": {"count": count, "unit": unit},
        "billInAdvance": one.in_advance,
        "activate": True,
        "subscriptions": [
            {
                "items": [
                    {"articleNumber": article, "quantity": str(quantity)}
                    for article, quantity in one.articles
                ]
            }
        ],
    }
