"""What adapters say of accounts, and forgetting a means where its provider keeps it (O18, P53)."""

import asyncio
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pytest
from tests.services.company import Company
from typing_extensions import override

from faktura.domain.customers import Mandate
from faktura.domain.payment_accounts import AccountLimits, PaymentAccount
from faktura.flows.payment_accounts import adopt_all, check_account, limits_of
from faktura.flows.payment_means import forget_means
from faktura.flows.providers import Broken, provider_of
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.nothing_kept import NothingKept
from faktura.hub.registry import Offer, Registry
from faktura.kernel.money import Money
from faktura.kernel.outside_errors import AccountBroken, OutsideUnavailable
from faktura.kernel.payment_terms import MeansState, ProviderState
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import (
    AttemptReference,
    Capabilities,
    Checking,
    CollectRequest,
    MeansReference,
    Outcome,
    PaymentAdapter,
    SavedMeans,
)
from faktura.services.payment_means import save_means
from faktura.store.database import Database
from faktura.store.payment_accounts import account_of, remove_account, write_account
from faktura.store.payment_means import list_mandates, read_means
from faktura.testing.double_store import DoubleStore
from faktura.testing.payment_double import DoubleProvider

CARD = PaymentMethod.CARD


class Checked(DoubleProvider, Checking):
    """A double that can say what is wrong with its account."""

    says: ClassVar[Any] = ()

    @override
    async def problems(self, webhook_url: str) -> Sequence[str]:
        if isinstance(self.says, Exception):
            raise self.says
        return [one.replace("…", webhook_url) for one in self.says]


class Careless(DoubleProvider):
    """A plugin that fails where nothing is asked of anybody."""

    @override
    def capabilities(self) -> Capabilities:
        raise ZeroDivisionError


class Bare(PaymentAdapter):
    """It collects, and has no other ability."""

    provider = "bare"

    @override
    def capabilities(self) -> Capabilities:
        return Capabilities(methods=frozenset({CARD}))

    @override
    async def collect(self, request: CollectRequest) -> Outcome:
        raise AssertionError(request)

    @override
    async def look_up(self, attempt: AttemptReference) -> Outcome:
        raise AssertionError(attempt)


class Till:
    """A company with accounts at doubles, and a customer's card at the first of them."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.company = Company(database)
        self.tenant = self.company.tenant
        self.books = DoubleStore(folder / "double.db")
        kinds: dict[str, type[PaymentAdapter]] = {
            "double": DoubleProvider,
            "checked": Checked,
            "careless": Careless,
            "bare": Bare,
        }
        file = {"file": str(folder / "double.db")}
        self.adapters = Adapters(
            Registry(payments={name: Offer(name, name, kind) for name, kind in kinds.items()}),
            NothingKept(),
            database.clock,
            Installation(file={name: file for name in kinds if name != "bare"}),
        )

    def account(self, provider: str) -> PaymentAccount:
        """An account at that double."""
        account = PaymentAccount(provider, provider, frozenset({CARD}))
        with self.database.write(self.tenant.id) as tx:
            write_account(tx, account)
        return account

    def problems(self, provider: str) -> list[str]:
        """What `accounts check` would say."""
        account = self.account(provider)

        async def ask() -> list[str]:
            built = await provider_of(self.database, self.adapters, self.tenant, account)
            assert not isinstance(built, Broken)
            return list(await check_account(built, "https://b.example/webhooks"))

        return asyncio.run(ask())

    def forget(self, provider: str) -> tuple[str, MeansState]:
        """Forget a card that was saved there; gives what is said, and how it stands here."""
        self.account(provider)
        means = self.saved(provider)
        problem = asyncio.run(forget_means(self.database, self.adapters, self.tenant, means))
        with self.database.read(self.tenant.id) as tx:
            return problem, read_means(tx, means).state

    def saved(self, instance: str) -> Any:
        """The id of a card that was saved there."""
        customer = self.company.customer()
        reference = MeansReference(reference="tok1")
        with self.database.write(self.tenant.id) as tx:
            card = SavedMeans(means=reference, method=CARD, label="Visa 4242")
            return save_means(tx, customer.id, instance, card).id


@pytest.fixture
def till(database: Database, tmp_path: Path) -> Till:
    return Till(database, tmp_path)


def test_what_an_adapter_can_is_said_in_money(till):
    """An adapter that cannot be built, or fails, has no limits: the others have theirs."""
    accounts = [
        PaymentAccount(name, name, frozenset({CARD}))
        for name in ("double", "careless", "moon", "bare")
    ]

    found = limits_of(till.adapters, till.tenant.id, accounts)

    assert sorted(found) == ["bare", "double"]
    assert found["bare"] == AccountLimits(frozenset({CARD}))
    assert found["double"].minimum["EUR"] == Money(50, "EUR")
    assert not found["double"].files_debits


@pytest.mark.parametrize(
    ("says", "told"),
    [
        (["Add it: …/double/werk"], ["Add it: https://b.example/webhooks/double/werk"]),
        ([], []),
        (OutsideUnavailable("nobody answers"), ["nobody answers"]),
        (ZeroDivisionError("oops"), ["ZeroDivisionError: “oops”"]),
    ],
)
def test_an_account_says_what_is_wrong_with_it(till, monkeypatch, says, told):
    """Whatever the plugin does, a person reads a sentence (P53)."""
    monkeypatch.setattr(Checked, "says", says)

    found = till.problems("checked")

    assert [one.replace("“", "").replace("”", "") for one in found] == [
        one.replace("“", "").replace("”", "") for one in told
    ]


def test_an_account_whose_key_is_refused_is_broken_by_the_check(till, monkeypatch):
    monkeypatch.setattr(Checked, "says", AccountBroken("invalid key"))

    assert till.problems("checked") == ["invalid key"]
    with till.database.read(till.tenant.id) as tx:
        assert account_of(tx, "checked").state is ProviderState.BROKEN


def test_an_adapter_that_cannot_say_says_nothing(till):
    assert till.problems("bare") == []


def test_a_forgotten_card_is_deleted_at_its_provider(till):
    till.books.keep_means("tok1", CARD)

    assert till.forget("double") == ("", MeansState.GONE)
    with till.books.changing() as books:
        assert books.execute("SELECT gone FROM means").fetchall() == [(1,)]


def test_what_its_provider_cannot_forget_is_said_and_never_used_again(till):
    """The provider may still have it: the person who asked deletes it there."""
    assert till.forget("bare") == ("bare cannot be told to forget it", MeansState.GONE)


def test_a_means_of_an_account_that_is_gone_is_forgotten_here(till):
    till.account("double")
    means = till.saved("double")
    with till.database.write(till.tenant.id) as tx:
        remove_account(tx, "double")

    problem = asyncio.run(forget_means(till.database, till.adapters, till.tenant, means))

    assert problem == "there is no payment account double any more"


def test_a_provider_that_cannot_be_asked_is_no_reason_to_keep_it(till):
    """Its adapter lacks a setting: it is forgotten here, and what is left to do is said."""
    till.adapters = Adapters(
        Registry(payments={"double": Offer("double", "double", DoubleProvider)}),
        NothingKept(),
        till.database.clock,
        Installation(),
    )

    problem, state = till.forget("double")

    assert "file" in problem.lower()
    assert state is MeansState.GONE


def test_mandates_are_taken_over_some_customers_a_transaction(till, monkeypatch):
    """However many there are, no transaction holds all of them."""
    monkeypatch.setattr("faktura.services.mandate_records._CUSTOMERS_A_TRANSACTION", 2)
    for no in range(1, 6):
        named = Mandate(f"M-{no % 4}", "DE75512108001245126199", date(2026, 9, 1))
        till.company.customer(mandate=named)
    seen: list[int] = []

    adopted = adopt_all(till.database, till.tenant, seen.append)

    assert (adopted.made, adopted.last) == (4, "")
    assert adopted.refused == (("K-5", "the mandate M-1 is another customer's (F103)"),)
    assert seen == [2, 4]
    with till.database.read(till.tenant.id) as tx:
        assert sorted(one.reference for one in list_mandates(tx)) == ["M-0", "M-1", "M-2", "M-3"]
