"""A sandbox copy names nobody, bills as its tenant would, and is there whole or not at all (F137)."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from tests.services.company import (
    TENANT,
    Company,
    XRechnung,
    bill,
    fill,
    opened,
    settle,
)

from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.costs import CostShare
from faktura.domain.customers import Mandate, Recipient
from faktura.domain.discounts import ContractDiscount, Discount
from faktura.domain.dunning_stops import DunningStop
from faktura.domain.external_links import ExternalLink
from faktura.domain.pauses import Pause
from faktura.domain.violations import Proof
from faktura.flows.previews import preview_run
from faktura.flows.sandbox_copying import copy_to_sandbox
from faktura.kernel.contract_terms import DiscountScope
from faktura.kernel.dunning_terms import StopTarget
from faktura.kernel.errors import NumberTaken
from faktura.kernel.terms import RecipientUse
from faktura.services.verification import PROOFS, prove
from faktura.store import tables
from faktura.store.billing import Scope
from faktura.store.contracts import update_frame
from faktura.store.customers import list_customers
from faktura.store.database import Database
from faktura.store.discounts import write_discounts
from faktura.store.dunning_stops import write_stop
from faktura.store.subscriptions import write_pause
from faktura.store.tenants import list_tenants, read_tenant, update_tenant

# What somebody wrote stands under these names, in whichever record.
_WRITTEN = {
    "name", "street", "zip_code", "city", "extra", "care_of", "email", "phone", "eu_tax_id", "vat_id",
    "tax_number", "register_number", "leitweg_id", "order_reference", "reference", "iban", "bic",
    "legal_name", "legal_info", "trading_name", "account_holder", "header_text", "footer_text", "note",
    "text", "reason", "system", "sender_email", "sender_name", "reply_to", "bounces_to",
}  # fmt: skip
# A city that its time zone is called by, and the word that every discount has.
_EVERYBODYS = {"Berlin", "Rabatt"}


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Iterator[Database]:
    """A company with people in every field, two months billed, payments, credit, a stop."""
    folder = tmp_path_factory.mktemp("source")
    database = opened(f"sqlite:///{folder}/source.db")
    company = Company(database)
    fill(company)
    people = company.customer(
        "FR",
        name="Yvonne Geheim",
        eu_tax_id="FR40303265045",
        address=Address("Rue Geheim 7", "75001", "Geheimville", "FR", "Escalier G", "c/o Geheim"),
        contact=ContactPerson("Zoe Geheim", "+33 1 23456789", "zoe@geheim.example"),
        recipients=(Recipient("buch@geheim.example", RecipientUse.INVOICE),),
        tax_number="99/888/77777",
        register_number="RCS Geheim 12",
        leitweg_id="04011000-12345-34",
        order_reference="Bestellung Geheim",
        mandate=Mandate("GEHEIM-M-1", "DE75512108001245126199", date(2026, 9, 1)),
    )
    contract = company.contract(
        people,
        "A-1",
        note="Notiz Geheim",
        links=(ExternalLink("CRM Geheim", "geheim-4711"),),
        costs=(CostShare("Team Geheim"),),
        discount=Discount(percent=Decimal(5), reason="Freund Geheim"),
    )
    tenant = company.tenant
    bill(database, tenant)
    bill(database, tenant, date(2026, 11, 1))
    settle(database, tenant, "RE-000001", 3000)
    with database.write(tenant.id) as tx:
        private = replace(
            contract,
            internal_identifier="intern Geheim",
            header_text="Liebe Frau Geheim",
            footer_text="Gruß an Geheim",
            order_reference="Auftrag Geheim",
            recipients=(Recipient("vertrag@geheim.example"),),
        )
        update_frame(tx, private)
        subscription = tx.connection.execute(
            select(tables.subscription.c.id).where(tables.subscription.c.contract_id == contract.id)
        ).scalar_one()
        pause = Pause(date(2026, 12, 5), date(2026, 12, 20), "Frau Geheim ist krank")
        write_pause(tx, contract.id, subscription, pause)
        discount = ContractDiscount(
            tx.new_id(),
            DiscountScope.CONTRACT,
            None,
            Discount(percent=Decimal(10), reason="Geheim!"),
        )
        write_discounts(tx, contract.id, [discount])
        stop = DunningStop(
            tx.new_id(), StopTarget.CUSTOMER, people.id, "Streit mit Geheim", "Jo Geheim", tx.now()
        )
        write_stop(tx, stop)
        mail = replace(tenant.mail, sender_name="Buchhaltung Geheim", reply_to="re@geheim.example")
        update_tenant(tx, replace(tenant, mail=mail))
    yield database
    database.close()


@pytest.fixture
def target(database_url) -> Iterator[Database]:
    """An empty database with its schema."""
    database = opened(database_url)
    yield database
    database.close()


def _said(database: Database, tenant_id: int) -> set[str]:
    """What people wrote in a tenant's records, settings and rows."""
    t = tables
    with database.read(tenant_id) as tx:
        rows = tx.connection.execute
        documents = [
            *rows(select(t.customer.c.data)).scalars(),
            *rows(select(t.tenant.c.data)).scalars(),
            *rows(select(t.contract.c.data)).scalars(),
            *rows(select(t.subscription_item.c.data)).scalars(),
            *rows(select(t.subscription_item.c.discount)).scalars(),
            *rows(select(t.activity.c.data)).scalars(),
        ]
        found = {
            *rows(select(t.customer.c.name)).scalars(),
            *rows(select(t.contract.c.internal_identifier)).scalars(),
            *rows(select(t.subscription_pause.c.reason)).scalars(),
            *rows(select(t.contract_discount.c.reason)).scalars(),
            *rows(select(t.dunning_stop.c.reason)).scalars(),
            *rows(select(t.dunning_stop.c.set_by)).scalars(),
        }
    for text in documents:
        if text is not None:
            found |= set(_leaves(json.loads(text)))
    return {one for one in found if one} - _EVERYBODYS


def _leaves(value: object, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, name)
    elif isinstance(value, str) and name in _WRITTEN:
        yield value


def _cells(database: Database) -> str:
    """Every text and every byte of every table."""
    cells = []
    with database.read(0) as tx:
        for table in tables.metadata.sorted_tables:
            for row in tx.connection.execute(select(table)):
                cells += [one.decode("latin-1") for one in row if isinstance(one, bytes)]
                cells += [one for one in row if isinstance(one, str)]
    return "\n".join(cells)


def test_nothing_that_somebody_wrote_is_in_the_copy(source, target):
    """Every name, address, number and text of the source is looked for in every cell of the copy."""
    copy_to_sandbox(source, 1, target, "probe")

    written = _said(source, 1)
    cells = _cells(target)

    # They are really there to be found: of the company, its customers, contracts and items.
    assert {
        "Werk GmbH",
        "Yvonne Geheim",
        "DE75512108001245126199",
        "Notiz Geheim",
        "75001",
    } <= written
    assert {"Frau Geheim ist krank", "Jo Geheim", "geheim-4711", "FR40303265045"} <= written
    assert {one for one in written if one in cells} == set()
    assert "eheim" not in cells


def _planned(database: Database, key: str, on: date) -> list[tuple[object, ...]]:
    """What a run of that day would issue, by the contracts' own ids."""
    with database.read(0) as tx:
        tenant = next(one for one in list_tenants(tx) if one.key == key)
        c = tables.contract.c
        ids = {
            row.number: row.id
            for row in tx.connection.execute(select(c.number, c.id).where(c.tenant_id == tenant.id))
        }
    rows = preview_run(database, tenant, XRechnung(), on, scope=Scope())
    return sorted(
        (
            ids[str(row["contractNumber"])],
            row.get("errorKey"),
            row.get("net"),
            row.get("vat"),
            row.get("gross"),
            row.get("dueOn"),
            [
                [line[name] for name in ("article", "from", "to", "quantity", "net", "vatRate")]
                for line in row.get("lines", [])  # type: ignore[attr-defined]
            ],
        )
        for row in rows
    )


def test_the_copy_bills_what_the_tenant_would(source, target):
    """December: 71.40 + 41.66 + 30 + 250 + 30 + 250 + 14.28 + 297.50, and 30.00 less 5 % less 10 %."""
    copy_to_sandbox(source, 1, target, "probe")

    december = date(2026, 12, 1)
    expected = _planned(source, "werk", december)

    assert sum(Decimal(str(row[4])) for row in expected if row[4]) == Decimal("1010.49")
    assert _planned(target, "probe", december) == expected
    assert _planned(target, "probe", date(2027, 2, 1)) == _planned(source, "werk", date(2027, 2, 1))


def test_the_copy_is_a_sandbox_with_true_books_and_what_was_open(source, target):
    """41.40 are open of RE-000001; nothing of November is billed twice; `verify` finds nothing."""
    copied = copy_to_sandbox(source, 1, target, "probe")

    with target.read(copied.tenant_id) as tx:
        tenant = read_tenant(tx)
        customers = list_customers(tx)
        opened_items = tx.connection.execute(
            select(tables.open_item.c.open).where(tables.open_item.c.tenant_id == tenant.id)
        ).scalars()
        total = sum(opened_items)
        problems = [found for proof in PROOFS for found in prove(tx, Proof(proof))]
    with source.read(1) as tx:
        open_there = sum(tx.connection.execute(select(tables.open_item.c.open)).scalars())

    assert (tenant.key, tenant.sandbox) == ("probe", True)
    assert (copied.customers, copied.contracts) == (10, 10)
    assert [one.mandate is not None for one in customers].count(True) == 2
    assert {one.address.country for one in customers} == {"AT", "CH", "DE", "FR"}
    assert total == open_there
    assert problems == []
    assert _planned(target, "probe", date(2026, 11, 30)) == []


def test_who_is_cut_off_begins_anew_and_finds_nothing(source, target):
    """The copy is one transaction: the process dies in its middle, nothing of it is there."""

    def die(_customers: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_to_sandbox(source, 1, target, "probe", done=die)
    with target.read(0) as tx:
        left = list_tenants(tx)

    assert left == []
    assert copy_to_sandbox(source, 1, target, "probe").contracts == 10


def test_a_key_is_copied_to_once(source, target):
    """The second copy is refused and leaves the first as it is; another key goes beside it."""
    copy_to_sandbox(source, 1, target, "probe")

    with pytest.raises(NumberTaken, match="there is a tenant “probe” already"):
        copy_to_sandbox(source, 1, target, "probe")
    copy_to_sandbox(source, 1, target, "probe2")

    with target.read(0) as tx:
        assert [one.key for one in list_tenants(tx)] == ["probe", "probe2"]
    assert TENANT.sandbox is False
