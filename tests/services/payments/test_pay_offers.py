"""What customers are offered on pages, and what is kept of what they use (F089, O18)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.services.payments.pay_scene import (
    CARD,
    PAYPAL,
    Scene,
    build,
    copied,
    pay_scene,
    started,
    wish,
)

from faktura.domain.payment_accounts import PaymentAccount
from faktura.flows.pay_desk import come_back, page_offers, start_page
from faktura.kernel.errors import Conflict, FieldInvalid
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import ProviderState
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import (
    Cancelled,
    Capabilities,
    MeansReference,
    OpenedPage,
    PageRequest,
    PageResult,
    SavedMeans,
)
from faktura.services.page_attempts import Refusal, apply_page
from faktura.services.page_requests import kept_page
from faktura.services.payment_means import save_means
from faktura.store.payment_accounts import change_account_state, remove_account, write_account
from faktura.store.payment_means import means_of_customers
from faktura.store.tasks import TaskFilter, find_tasks
from faktura.testing.payment_double import DoubleProvider


@pytest.fixture
def scene(database_url: str, tmp_path: Path) -> Iterator[Scene]:
    """Cards and PayPal at the double."""
    build(database_url)
    made = pay_scene(database_url, tmp_path, {"double": frozenset({CARD, PAYPAL})})
    yield made
    made.app.close()


@pytest.fixture
def lite(migrated_file: Path, tmp_path: Path) -> Iterator[Scene]:
    """Cards and PayPal at the double, on SQLite."""
    url = copied(migrated_file, tmp_path)
    made = pay_scene(url, tmp_path, {"double": frozenset({CARD, PAYPAL})})
    yield made
    made.app.close()


async def test_only_active_accounts_that_take_the_amount_are_offered(lite):
    """Limits of the provider, its currencies, its state (O18)."""

    async def offered(cents: int, currency: str = "EUR") -> list[str]:
        offers = await page_offers(lite.desk, currency, Money(cents, currency))
        return [one.method.value for one in offers]

    usual, small, foreign = await offered(7_140), await offered(49), await offered(7_140, "USD")
    refused = await start_page(lite.desk, lite.document(), wish(PaymentMethod.SEPA_DEBIT))
    with lite.app.database.write(lite.tenant.id) as tx:
        change_account_state(tx, "double", ProviderState.PAUSED, "holidays")
    paused = await offered(7_140)

    assert usual == ["CARD", "PAYPAL"]
    assert (small, foreign, paused) == ([], [], [])
    assert refused is Refusal.NOT_OFFERED
    assert lite.attempts() == []


async def test_a_means_is_kept_with_the_payment_and_collects_later_invoices(scene):
    """Never by coming back alone (F089)."""
    await started(scene, save=True)
    await come_back(scene.desk, scene.document())
    before = scene.customer().payment_method
    scene.store.pay_page("pg_1", scene.clock.now(), saved="tok_4242")
    await come_back(scene.desk, scene.document())

    customer = scene.customer()
    with scene.app.database.read(scene.tenant.id) as tx:
        (means,) = means_of_customers(tx, [customer.id])[customer.id]
    assert (before, customer.payment_method) == ("TRANSFER", "CARD")
    assert (means.reference, means.instance, means.method) == ("tok_4242", "double", "CARD")
    assert scene.attempts()[0].means_id == means.id


async def test_a_means_that_nobody_wanted_kept_is_not(lite):
    """The tick-box was empty, whatever the provider says."""
    await started(lite)
    lite.store.pay_page("pg_1", lite.clock.now(), saved="tok_4242")
    await come_back(lite.desk, lite.document())

    customer = lite.customer()
    with lite.app.database.read(lite.tenant.id) as tx:
        assert means_of_customers(tx, [customer.id]) == {}
    assert customer.payment_method == "TRANSFER"


async def test_a_payment_counts_though_its_means_is_another_customers(lite):
    """A person is asked; the customer's own method stays (P25)."""
    other = lite.customer("K-2")
    saved = SavedMeans(means=MeansReference(reference="tok_4242"), method=CARD, label="Card 4242")
    with lite.app.database.write(lite.tenant.id) as tx:
        save_means(tx, other.id, "double", saved)
    await started(lite, save=True)
    lite.store.pay_page("pg_1", lite.clock.now(), saved="tok_4242")
    await come_back(lite.desk, lite.document())

    assert lite.states() == ["SUCCEEDED"]
    assert lite.customer().payment_method == "TRANSFER"
    with lite.app.database.read(lite.tenant.id) as tx:
        (task,) = find_tasks(tx, TaskFilter())
    assert (task.kind, task.subject) == ("PAYMENT_UNEXPECTED", "customer K-1")
    assert "is another customer's" in task.problem


async def test_a_page_that_the_provider_refuses_is_a_task_and_blocks_nothing(lite, monkeypatch):
    """Our request or the set-up is wrong: no customer can mend that (payments 6.3)."""

    async def refuses(_self: DoubleProvider, _request: PageRequest) -> OpenedPage:
        raise FieldInvalid("PayPal is not switched on")

    monkeypatch.setattr(DoubleProvider, "open_page", refuses)
    refused = [await start_page(lite.desk, lite.document(), wish()) for _ in range(2)]

    assert refused == [Refusal.UNAVAILABLE, Refusal.UNAVAILABLE]
    assert lite.states() == ["CANCELLED", "CANCELLED"]
    with lite.app.database.read(lite.tenant.id) as tx:
        (task,) = find_tasks(tx, TaskFilter())
    assert task.kind == "PAYMENT_REJECTED"
    assert task.problem == "double opens no page for CARD: PayPal is not switched on"


async def test_an_adapter_that_cannot_say_what_it_can_offers_nothing(lite, monkeypatch):
    """The others do, and the page is shown."""

    def fails(_self: DoubleProvider) -> Capabilities:
        raise ValueError

    monkeypatch.setattr(DoubleProvider, "capabilities", fails)

    assert await page_offers(lite.desk, "EUR", None) == []


async def test_a_page_that_ended_at_the_provider_is_followed_by_another(lite):
    """It closed the page by itself; the customer gets a new one at once."""
    await started(lite)
    lite.store.expire_page("pg_1")
    again = await started(lite)

    page = kept_page(again)
    assert page is not None
    assert page.reference == "pg_2"
    assert lite.states() == ["CANCELLED", "ACTION_NEEDED"]


async def test_whoever_asks_in_vain_again_and_again_is_told_so(lite, monkeypatch):
    """Each page that is opened is closed again before it can be shown."""
    opens = DoubleProvider.open_page

    async def closed_at_once(self: DoubleProvider, request: PageRequest) -> OpenedPage:
        opened = await opens(self, request)
        (attempt,) = [one for one in lite.attempts() if one.is_live]
        with lite.app.database.write(lite.tenant.id) as tx:
            apply_page(tx, lite.tenant, attempt.id, PageResult(outcome=Cancelled()))
        return opened

    monkeypatch.setattr(DoubleProvider, "open_page", closed_at_once)
    refused = await start_page(lite.desk, lite.document(), wish())

    assert refused is Refusal.UNAVAILABLE
    assert lite.states() == ["CANCELLED"] * 4


async def test_two_attempts_at_the_same_moment_are_one(lite, monkeypatch):
    """The database decides, whoever did not look before (P28)."""

    def conflicts(*_given: object) -> None:
        raise Conflict("a payment of one of these documents is under way already (P28)")

    monkeypatch.setattr("faktura.services.page_attempts.write_attempts", conflicts)

    assert await start_page(lite.desk, lite.document(), wish()) is Refusal.UNDER_WAY


async def test_a_page_of_an_account_that_is_gone_cannot_be_called_off(lite):
    """Nobody can say whether it was paid on."""
    await started(lite)
    with lite.app.database.write(lite.tenant.id) as tx:
        remove_account(tx, "double")
        write_account(tx, PaymentAccount("fields", "fields", frozenset({CARD})))
    await come_back(lite.desk, lite.document())
    refused = await start_page(lite.desk, lite.document(), wish())

    assert refused is Refusal.UNDER_WAY
    assert lite.states() == ["ACTION_NEEDED"]
