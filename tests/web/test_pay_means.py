"""Saving a means of payment without paying: allowed methods, nothing charged, kept once (F089)."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import ClientResponse
from tests.services.payments.pay_scene import CARD, FieldsProvider, Scene, copied, pay_scene
from tests.web.paying import pay
from tests.web.visits import Browser, form_token_in, send, visiting

from faktura.domain.payment_means import PaymentMeans
from faktura.kernel.errors import FieldInvalid
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import OpenedPage, PageRequest, PageResult
from faktura.store.payment_means import means_of_customers
from faktura.store.tasks import TaskFilter, find_tasks
from faktura.testing.payment_double import DoubleProvider

DEBIT = PaymentMethod.SEPA_DEBIT


@pytest.fixture
def scene(migrated_file: Path, tmp_path: Path) -> Iterator[Scene]:
    """Cards in a page of ours, SEPA debits at the double."""
    url = copied(migrated_file, tmp_path)
    accounts = {"double": frozenset({DEBIT}), "fields": frozenset({CARD})}
    made = pay_scene(url, tmp_path, accounts)
    yield made
    made.app.close()


@pytest.fixture
async def visitor(scene: Scene) -> AsyncIterator[Browser]:
    """A customer."""
    async with visiting(scene.app, None) as client:
        yield client


async def begin(scene: Scene, visitor: Browser, method: str) -> ClientResponse:
    """Open the page and choose a method."""
    address = f"/pay/{scene.token()}/method"
    page = await (await visitor.get(address)).text()
    return await send(visitor, address, form_token=form_token_in(page), method=method)


def means_of(scene: Scene) -> list[PaymentMeans]:
    """What is saved of K-1."""
    customer = scene.customer()
    with scene.app.database.read(scene.tenant.id) as tx:
        return means_of_customers(tx, [customer.id]).get(customer.id, [])


async def test_a_card_is_saved_in_a_page_of_ours_and_collects_later_invoices(scene, visitor):
    """Nothing is paid, and the invoice can still be."""
    begun = await begin(scene, visitor, "CARD")
    fields = await visitor.get(begun.headers["Location"])
    page = await fields.text()
    result = begun.headers["Location"].replace("/fields", "/result")
    sent = await send(visitor, result, form_token=form_token_in(page), result="nonce")
    again = await send(visitor, result, form_token=form_token_in(page), result="nonce")
    back = await (await visitor.get(sent.headers["Location"])).text()
    once_more = await visitor.get(begun.headers["Location"], allow_redirects=False)

    (means,) = means_of(scene)
    assert "Zahlungsmittel hinterlegen" in page
    assert "71,40" not in page
    assert again.headers["Location"] == sent.headers["Location"]
    assert "Das Zahlungsmittel ist hinterlegt" in back
    assert once_more.status == 303
    assert (means.method, means.reference, means.instance) == ("CARD", "tok_f", "fields")
    assert scene.customer().payment_method == "CARD"
    assert scene.store.audit().charges == {}
    assert scene.view().state == "PAYABLE"


async def test_a_debit_at_the_provider_is_saved_when_it_says_so(scene, visitor):
    """Coming back alone saves nothing; the provider holds the mandate, so none of ours is named."""
    begun = await begin(scene, visitor, "SEPA_DEBIT")
    (setup,) = scene.attempts()
    early = await (await visitor.get(f"/pay/{scene.token()}/method/{setup.id}")).text()
    scene.store.pay_page("pg_1", scene.clock.now(), saved="tok_iban")
    with scene.store.changing() as books:
        books.execute("UPDATE means SET method = 'SEPA_DEBIT'")
    late = await (await visitor.get(f"/pay/{scene.token()}/method/{setup.id}")).text()

    assert begun.headers["Location"] == "https://double.example/page/1"
    assert "noch kein Zahlungsmittel" in early
    assert "Das Zahlungsmittel ist hinterlegt" in late
    assert [one.reference for one in means_of(scene)] == ["tok_iban"]
    customer = scene.customer()
    assert (customer.payment_method, customer.debited_by) == ("SEPA_DEBIT", "double")
    with scene.app.database.read(scene.tenant.id) as tx:
        assert find_tasks(tx, TaskFilter()) == []


async def test_a_set_up_blocks_no_payment(scene, visitor):
    """It is never a live attempt (P28)."""
    await begin(scene, visitor, "SEPA_DEBIT")

    assert [(one.state, one.amount.minor) for one in scene.attempts()] == [("CANCELLED", 0)]
    assert scene.view().state == "PAYABLE"


async def test_what_is_not_offered_is_not_begun(scene, visitor):
    """Nor is what the provider refuses to open."""
    answers = [await begin(scene, visitor, method) for method in ("PAYPAL", "TRANSFER", "x")]

    assert [answer.status for answer in answers] == [422, 422, 422]
    assert scene.attempts() == []


async def test_a_provider_that_opens_no_page_is_told_kindly(scene, visitor, monkeypatch):
    """Nothing of its own words."""

    async def refuses(_self: DoubleProvider, _request: PageRequest) -> OpenedPage:
        raise FieldInvalid("mandate_options are wrong")

    monkeypatch.setattr(DoubleProvider, "open_page", refuses)
    answer = await begin(scene, visitor, "SEPA_DEBIT")

    assert answer.status == 503
    assert "mandate_options" not in await answer.text()


async def test_the_page_of_another_document_is_not_there(scene, visitor):
    """Its id is no secret; a payment's is none of a set-up."""
    await begin(scene, visitor, "SEPA_DEBIT")
    (setup,) = scene.attempts()
    answers = [
        await visitor.get(f"/pay/{scene.token('RE-000002')}/method/{setup.id}"),
        await visitor.get(f"/pay/{scene.token()}/method/{scene.document()}"),
        await visitor.get(f"/pay/{scene.token()}/method/{'-' * 36}"),
    ]

    assert [answer.status for answer in answers] == [404, 404, 404]


async def test_a_second_click_leads_to_the_same_page_until_a_means_is_saved(scene, visitor):
    """One row a page, however often the form is sent."""
    first, second = [await begin(scene, visitor, "SEPA_DEBIT") for _ in range(2)]
    scene.store.pay_page("pg_1", scene.clock.now(), saved="tok_iban")
    third = await begin(scene, visitor, "SEPA_DEBIT")

    assert first.headers["Location"] == second.headers["Location"]
    assert third.headers["Location"] == "https://double.example/page/2"
    assert len(scene.attempts()) == 2
    assert [one.reference for one in means_of(scene)] == ["tok_iban"]


async def test_a_set_up_hides_no_page_that_waits(scene, visitor):
    """The customer looks at another tab meanwhile."""
    begun = await pay(scene, visitor)
    await begin(scene, visitor, "SEPA_DEBIT")
    fields = await visitor.get(begun.headers["Location"], allow_redirects=False)

    assert fields.status == 200


async def test_a_lost_answer_saves_nothing_and_says_so(scene, visitor, monkeypatch):
    """What is not known to be saved is not."""

    async def loses(*_given: object) -> PageResult:
        raise TimeoutError

    begun = await begin(scene, visitor, "CARD")
    page = await (await visitor.get(begun.headers["Location"])).text()
    monkeypatch.setattr(FieldsProvider, "finish_page", loses)
    result = begun.headers["Location"].replace("/fields", "/result")
    sent = await send(visitor, result, form_token=form_token_in(page), result="nonce")
    back = await visitor.get(sent.headers["Location"])

    assert "noch kein Zahlungsmittel" in await back.text()
    assert scene.store.audit().charges == {}
    assert means_of(scene) == []
