"""Tenants: created with number ranges and an empty chain, checked, changed, found by key."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.numbering import NumberFormat
from faktura.domain.tax import DatedRate, OssRates
from faktura.domain.tenants import Seller, Tenant
from faktura.kernel.errors import (
    FieldInvalid,
    FieldMissing,
    NotFound,
    NumberTaken,
    UnknownTerm,
)
from faktura.kernel.terms import Chart, TaxCase
from faktura.services.tenants import change_tenant, check_tenant, set_up_tenant
from faktura.store.database import open_database
from faktura.store.numbers import CONTRACT, CORRECTION, CUSTOMER, DEBTOR, INVOICE, take_numbers
from faktura.store.tables import chain_head
from faktura.store.tenants import (
    choose_tenant_id,
    find_tenant_id,
    list_tenants,
    read_tenant,
)

TENANT = Tenant(
    0,
    "nordlicht",
    Seller(
        "Nordlicht Software GmbH",
        Address("Hafenstraße 7", "20457", "Hamburg"),
        ContactPerson("Jana Petersen", "+49 40 123456", "rechnung@nordlicht.example"),
        vat_id="DE123456788",
        iban="DE02 1203 0000 0000 2020 51",
    ),
    chart=Chart.SKR04,
    tax_cases=frozenset({TaxCase.STANDARD, TaxCase.OSS}),
    oss_from=date(2026, 7, 1),
    oss_rates={"FR": OssRates((DatedRate(date(2014, 1, 1), Decimal("20.0")),))},
    accounts={"REVENUE:STANDARD:19": "4405"},
)


@pytest.fixture
def database(database_url, clock, ids):
    """A database with the schema."""
    opened = open_database(database_url, clock, ids)
    yield opened
    opened.close()


def test_a_tenant_comes_back_as_it_was_created(database):
    """Decimals, dates and vocabularies survive the JSON; the id is the next one."""
    with database.write(0) as tx:
        first = set_up_tenant(tx, TENANT)
        second = set_up_tenant(tx, replace(TENANT, key="second"))

    assert (first.id, second.id) == (1, 2)
    with database.read(1) as tx:
        assert read_tenant(tx) == replace(TENANT, id=1)
        assert [found.key for found in list_tenants(tx)] == ["nordlicht", "second"]
        assert find_tenant_id(tx, "second") == 2
        assert find_tenant_id(tx, "third") is None


def test_a_new_tenant_has_number_ranges_from_their_first_number(database):
    """Documents, customers, contracts, and debtors from 10000 (personal accounts of SKR03/04)."""
    with database.write(0) as tx:
        set_up_tenant(tx, TENANT, {INVOICE: NumberFormat("RE-2026-", 5)})

    with database.write(1) as tx:
        on = date(2026, 11, 1)
        taken = [
            take_numbers(tx, name, on, 1)
            for name in (INVOICE, CORRECTION, CUSTOMER, CONTRACT, DEBTOR)
        ]

    assert taken == [["RE-2026-00001"], ["RK-000001"], ["K-000001"], ["V-000001"], ["10000"]]


def test_a_new_tenants_chain_is_empty(database):
    """The first seal is number 1 and follows 32 zero bytes."""
    with database.write(0) as tx:
        set_up_tenant(tx, TENANT)

    with database.read(1) as tx:
        head = tx.connection.execute(select(chain_head)).one()
    assert (head.tenant_id, head.seal_seq, head.seal_hash, head.entry_seq) == (1, 0, bytes(32), 0)


def test_a_key_belongs_to_one_tenant(database):
    """A second one is refused by name."""
    with database.write(0) as tx:
        set_up_tenant(tx, TENANT)

        with pytest.raises(NumberTaken, match="there is a tenant “nordlicht” already"):
            set_up_tenant(tx, TENANT)


def test_tenants_created_at_the_same_moment_do_not_share_an_id(database):
    """The second one waits until the first is there."""

    def create(number: int) -> int:
        with database.write(0) as tx:
            return set_up_tenant(tx, replace(TENANT, key=f"tenant-{number}")).id

    with ThreadPoolExecutor(4) as threads:
        ids = list(threads.map(create, range(8)))

    assert sorted(ids) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_the_settings_of_a_tenant_can_change_but_not_its_key(database):
    """The key stands in addresses and settings of others."""
    with database.write(0) as tx:
        created = set_up_tenant(tx, TENANT)

    with database.write(1) as tx:
        change_tenant(tx, replace(created, language="en"))
        with pytest.raises(FieldInvalid, match="stays “nordlicht”"):
            change_tenant(tx, replace(created, key="southlight"))

    with database.read(1) as tx:
        assert read_tenant(tx).language == "en"


def test_a_tenant_that_is_not_there_is_not_found(database):
    """By id as by key."""
    with database.read(7) as tx, pytest.raises(NotFound, match="there is no tenant 7"):
        read_tenant(tx)


def test_the_only_tenant_need_not_be_named(database):
    """With none or several the message says what to do."""
    with database.read(0) as tx, pytest.raises(NotFound) as none_yet:
        choose_tenant_id(tx, None)
    with database.write(0) as tx:
        set_up_tenant(tx, TENANT)
        assert choose_tenant_id(tx, None) == 1
        set_up_tenant(tx, replace(TENANT, key="second"))

        assert choose_tenant_id(tx, "second") == 2
        with pytest.raises(NotFound) as several:
            choose_tenant_id(tx, None)
        with pytest.raises(NotFound) as unknown:
            choose_tenant_id(tx, "third")

    assert none_yet.value.mend == "Run: faktura tenants create KEY …"
    assert several.value.mend == "Name one with --tenant: nordlicht, second"
    assert str(unknown.value) == (
        "--tenant: there is no tenant “third”. Tenants: nordlicht, second"
    )


def with_seller(**changes: object) -> Tenant:
    return replace(TENANT, seller=replace(TENANT.seller, **changes))  # type: ignore[arg-type] # of a test


UNUSABLE = [
    (with_seller(legal_name=" "), FieldMissing, "seller.legal_name"),
    (with_seller(address=Address("", "20457", "Hamburg")), FieldMissing, "seller.address.street"),
    (with_seller(address=Address("Weg 1", "", "Ulm")), FieldMissing, "seller.address.zip_code"),
    (with_seller(address=Address("Weg 1", "89073", "")), FieldMissing, "seller.address.city"),
    (
        with_seller(address=Address("Weg 1", "89073", "Ulm", country="")),
        FieldMissing,
        "seller.address.country",
    ),
    (with_seller(legal_name="Nord\x1b[31mlicht"), FieldInvalid, "seller.legal_name"),
    (with_seller(legal_info="Sitz: Ulm\nAmt\0"), FieldInvalid, "seller.legal_info"),
    (
        with_seller(address=Address("Weg\u202e 1", "89073", "Ulm")),
        FieldInvalid,
        "seller.address.street",
    ),
    (with_seller(vat_id="123456788"), FieldInvalid, "seller.vat_id"),
    (with_seller(vat_id=""), FieldMissing, "seller.vat_id or seller.tax_number"),
    (with_seller(iban="DE02120300000000202052"), FieldInvalid, "seller.iban"),
    (with_seller(iban="DE02-1203"), FieldInvalid, "seller.iban"),
    (replace(TENANT, key="nord licht"), FieldInvalid, "key"),
    (replace(TENANT, fiscal_year_month=13), FieldInvalid, "fiscal_year_month"),
    (replace(TENANT, time_zone="Berlin"), UnknownTerm, "time_zone"),
    (replace(TENANT, currency="DEM"), UnknownTerm, "currency"),
]


@pytest.mark.parametrize(
    ("unusable", "error", "field"),
    UNUSABLE,
    ids=[f"{number} {row[2]}" for number, row in enumerate(UNUSABLE)],
)
def test_a_tenant_no_invoice_could_name_is_refused(unusable, error, field):
    """§ 14 Abs. 4 UStG: what must stand on every invoice is asked for at once, field by field."""
    with pytest.raises(error) as refused:
        check_tenant(unusable)

    assert refused.value.place == f"field {field}"


def test_a_tenant_without_iban_or_with_a_tax_number_is_usable():
    """Direct debits need no account to transfer to; one of the two tax ids suffices."""
    check_tenant(with_seller(iban="", vat_id="", tax_number="27/123/45678"))
