"""The page on which a customer pays: what it shows, where it leads, what it never tells (F089)."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.services.company import XRechnung, settle
from tests.services.payments.pay_scene import CARD, PAYPAL, Scene, copied, pay_scene, started
from tests.web.paying import pay
from tests.web.visits import Browser, form_token_in, send, visiting

from faktura.flows.documents import Documents, render_documents
from faktura.kernel.payment_terms import CustomerReason
from faktura.plugin import Declined, PageResult, Pending
from faktura.services.documents import Selection
from faktura.services.page_attempts import apply_page
from faktura.store.customers import replace_customers
from faktura.store.documents import Rendering, write_renderings

HOSTILE = '<script>alert("K")</script> & Söhne'


@pytest.fixture
def scene(migrated_file: Path, tmp_path: Path) -> Iterator[Scene]:
    """Cards and PayPal at the double."""
    url = copied(migrated_file, tmp_path)
    made = pay_scene(url, tmp_path, {"double": frozenset({CARD, PAYPAL})})
    yield made
    made.app.close()


@pytest.fixture
async def visitor(scene: Scene) -> AsyncIterator[Browser]:
    """A customer, of whom we know nothing but the link."""
    async with visiting(scene.app, None) as client:
        yield client


async def test_the_page_shows_what_is_open_and_how_it_can_be_paid(scene, visitor):
    """Seller, document, exact amount, methods, and where to transfer to; in two languages."""
    answer = await visitor.get(f"/pay/{scene.token()}")
    german = await answer.text()
    english = await (await visitor.get(f"/pay/{scene.token()}?lang=en")).text()

    assert answer.status == 200
    assert '<html lang="de">' in german
    assert "Rechnung RE-000001" in german
    assert "71,40\u00a0€" in german
    assert "Werk GmbH" in german
    assert 'value="CARD"' in german
    assert 'value="PAYPAL"' in german
    assert "SEPA_DEBIT" not in german
    assert "Für künftige Rechnungen merken." in german
    assert "<span>DE02</span><span>1203</span>" in german
    assert '<html lang="en">' in english
    assert "Invoice RE-000001" in english
    assert "€71.40" in english
    assert "<script" not in german


async def test_the_page_speaks_the_customers_language(scene, visitor):
    """Whatever the browser prefers; the address can name another one."""
    customer = replace(scene.customer(), language="en")
    with scene.app.database.write(scene.tenant.id) as tx:
        replace_customers(tx, [customer])

    page = await visitor.get(f"/pay/{scene.token()}", headers={"Accept-Language": "de"})

    assert '<html lang="en">' in await page.text()


async def test_the_form_leads_to_the_providers_page_and_coming_back_is_asked_for(scene, visitor):
    """What the browser says is not believed: the provider is asked."""
    begun = await pay(scene, visitor)
    early = await visitor.get(f"/pay/{scene.token()}/return", allow_redirects=False)
    waiting = await (await visitor.get(f"/pay/{scene.token()}")).text()
    scene.store.pay_page("pg_1", scene.clock.now())
    back = await visitor.get(f"/pay/{scene.token()}/return")
    page = await back.text()

    assert (begun.status, begun.headers["Location"]) == (303, "https://double.example/page/1")
    assert (early.status, early.headers["Location"]) == (303, f"/pay/{scene.token()}")
    assert 'name="method"' in waiting
    assert scene.states() == ["SUCCEEDED"]
    assert "Bezahlt" in page
    assert 'name="method"' not in page


@pytest.mark.parametrize(
    ("changed", "status", "told"),
    [
        ({"amount": "1.00"}, 409, "Der offene Betrag hat sich geändert"),
        ({"amount": "71.4000001"}, 409, "Der offene Betrag hat sich geändert"),
        ({"amount": "-71.40"}, 409, "Der offene Betrag hat sich geändert"),
        ({"amount": ""}, 409, "Der offene Betrag hat sich geändert"),
        ({"method": "SEPA_DEBIT"}, 422, "steht hier nicht zur Wahl"),
        ({"method": "TRANSFER"}, 422, "steht hier nicht zur Wahl"),
        ({"method": "<script>"}, 422, "steht hier nicht zur Wahl"),
    ],
)
async def test_another_amount_or_method_is_not_begun(scene, visitor, changed, status, told):
    """There is no free amount, and nothing that was not offered (F089)."""
    answer = await pay(scene, visitor, **changed)

    assert answer.status == status
    assert told in await answer.text()
    assert scene.attempts() == []


async def test_an_amount_that_changed_since_it_was_shown_is_shown_again(scene, visitor):
    """The customer agreed to another one."""
    address = f"/pay/{scene.token()}"
    page = await (await visitor.get(address)).text()
    settle(scene.app.database, scene.tenant, "RE-000001", 1_140)
    answer = await send(
        visitor, address, form_token=form_token_in(page), method="CARD", amount="71.40"
    )
    text = await answer.text()

    assert answer.status == 409
    assert "60,00\u00a0€" in text
    assert 'name="amount" value="60.00"' in text


async def test_a_form_that_is_sent_twice_leads_to_the_same_page(scene, visitor):
    """A second click, or the back button."""
    first, second = await pay(scene, visitor), await pay(scene, visitor)

    assert first.headers["Location"] == second.headers["Location"]
    assert scene.states() == ["ACTION_NEEDED"]


async def test_a_payment_under_way_is_not_offered_again(scene, visitor):
    """A debit that its bank decides in a week (P42; 7, row 9)."""
    await started(scene)
    scene.store.pay_page("pg_1", scene.clock.now())
    with scene.store.changing() as books:
        books.execute("UPDATE payment SET state = 'PENDING'")
    (attempt,) = scene.attempts()
    pending = Pending(reference="py_1", amount=attempt.amount.decimal, currency="EUR")
    with scene.app.database.write(scene.tenant.id) as tx:
        apply_page(tx, scene.tenant, attempt.id, PageResult(outcome=pending))
    page = await (await visitor.get(f"/pay/{scene.token()}")).text()

    assert "Zahlung unterwegs" in page
    assert "Bitte zahlen Sie nicht noch einmal" in page
    assert 'name="method"' not in page
    assert "DE02" not in page


async def test_a_paid_document_says_so(scene, visitor):
    """However it was paid."""
    settle(scene.app.database, scene.tenant, "RE-000001", 7_140)

    page = await (await visitor.get(f"/pay/{scene.token()}")).text()

    assert "Nichts" not in page
    assert "Es ist nichts mehr offen" in page
    assert 'name="method"' not in page


async def test_the_stored_file_is_handed_out_and_no_other(scene, visitor):
    """As it was sent; without one there is none to be had (P23)."""
    token = scene.token()
    documents = Documents(scene.app.database, scene.app.content, XRechnung(), scene.tenant)
    render_documents(documents, Selection("RE-000001"))
    none = await visitor.get(f"/pay/{token}/document")
    content = b"%PDF-1.7 as it was sent"
    sha256 = scene.app.content.put(scene.tenant.id, content)
    stored = Rendering(
        scene.document(), "zugferd", sha256, len(content), "application/pdf", "2.3.2"
    )
    with scene.app.database.write(scene.tenant.id) as tx:
        write_renderings(tx, [stored])
    page = await (await visitor.get(f"/pay/{token}")).text()
    file = await visitor.get(f"/pay/{token}/document")

    assert none.status == 404
    assert f'href="/pay/{token}/document"' in page
    assert await file.read() == content
    assert file.headers["Content-Disposition"] == 'attachment; filename="RE-000001.pdf"'


async def test_a_failed_try_is_told_in_the_customers_words(scene, visitor):
    """Never the provider's: lost or stolen cards are nobody's business here (1.12)."""
    begun = await started(scene)
    declined = Declined(
        hard=True, code="stolen_card", message="stolen", reason=CustomerReason.NO_FUNDS
    )
    with scene.app.database.write(scene.tenant.id) as tx:
        apply_page(tx, scene.tenant, begun.id, PageResult(outcome=declined))
    page = await (await visitor.get(f"/pay/{scene.token()}")).text()

    assert "Die Zahlung ist nicht gelungen. Das Konto ist nicht gedeckt." in page
    assert "stolen" not in page
