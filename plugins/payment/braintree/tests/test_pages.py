"""The page on which customers pay or save a means: Braintree's fields in ours (payments 3.2, 3.6)."""

import json
from base64 import b64decode
from datetime import timedelta
from decimal import Decimal

import pytest

from braintree_double import audit, giving
from braintree_double.scene import ATTEMPT, KEY, NOW, Scene, page
from braintree_double.world import Fault
from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import (
    ActionNeeded,
    Cancelled,
    Declined,
    MeansReference,
    PageResult,
    Pending,
    Rejected,
    SavedMeans,
    Succeeded,
    Unclear,
)

SALE = "/transactions$"


async def test_an_opened_page_brings_braintrees_fields_and_a_client_token(scene: Scene):
    """There is no page at Braintree: ours shows its fields, card data never reach us."""
    opened = await scene.adapter().open_page(page())

    assert opened.reference == KEY
    assert opened.url == ""
    assert opened.embedded is not None
    embedded = opened.embedded
    assert embedded.scripts == (
        "https://js.braintreegateway.com/web/3.136.0/js/client.min.js",
        "https://js.braintreegateway.com/web/3.136.0/js/hosted-fields.min.js",
        "https://js.braintreegateway.com/web/3.136.0/js/three-d-secure.min.js",
    )
    token = embedded.values.pop("authorization")
    assert json.loads(b64decode(token)) == {"merchant_account": "werk_eur"}
    assert embedded.values == {
        "method": "card",
        "flow": "checkout",
        "amount": "119.00",
        "currency": "EUR",
        "language": "de",
        "secure": "yes",
        "email": "ada@example.com",
    }
    assert "form.elements.result.value = nonce" in embedded.own_script
    assert "</script" not in embedded.own_script
    assert "https://js.braintreegateway.com" in embedded.sources["script-src"]
    assert "https://*.cardinalcommerce.com" in embedded.sources["frame-src"]


async def test_a_page_for_paypal_asks_for_an_agreement_where_it_keeps_the_means(scene: Scene):
    """Only a billing agreement can be vaulted (payments 3.6)."""
    keeps = await scene.adapter().open_page(page(method=PaymentMethod.PAYPAL, save=True))
    once = await scene.adapter().open_page(page(method=PaymentMethod.PAYPAL))
    saves = await scene.adapter().open_page(page(amount=None))

    assert keeps.embedded is not None
    assert once.embedded is not None
    assert saves.embedded is not None
    flows = [one.embedded.values["flow"] for one in (keeps, once, saves) if one.embedded]
    assert flows == ["vault", "checkout", "vault"]
    assert keeps.embedded.scripts[-1].endswith("/js/paypal-checkout.min.js")
    assert "https://*.paypal.com" in keeps.embedded.sources["script-src"]
    assert (saves.embedded.values["amount"], saves.embedded.values["secure"]) == ("", "no")


async def test_without_3d_secure_the_page_needs_fewer_hosts(scene: Scene):
    """What 3-D Secure draws is allowed only where it is used."""
    opened = await scene.adapter(three_d_secure=False).open_page(page())

    assert opened.embedded is not None
    assert opened.embedded.sources["frame-src"] == ("https://assets.braintreegateway.com",)
    assert "style-src" not in opened.embedded.sources
    assert opened.embedded.values["secure"] == "no"


async def test_a_page_that_cannot_be_opened_is_tried_again(scene: Scene):
    """A client token charges nothing: a lost one is simply asked for again."""
    scene.world.fail_next(Fault.LOST_AFTER, "/client_token$")

    with pytest.raises(OutsideUnavailable):
        await scene.adapter().open_page(page())


async def test_a_payment_on_the_page_is_a_sale_with_its_nonce(scene: Scene):
    """Exactly the page's amount, under the attempt's key; nothing is kept unasked."""
    scene.world.have_nonce("nonce_1")
    adapter = scene.adapter()

    result = await adapter.finish_page(page(), "nonce_1")

    (sale,) = scene.world.sold()
    paid = Succeeded(reference=sale.id, amount=Decimal("119.00"), currency="EUR", at=NOW)
    assert result == PageResult(outcome=paid)
    assert (sale.order_id, sale.source, sale.customer, sale.token) == (KEY, "", "", "")
    assert await adapter.read_page(page(), KEY) == PageResult(outcome=paid)
    assert await adapter.close_page(page(), KEY) == PageResult(outcome=paid)


async def test_a_kept_means_is_in_the_vault_of_our_customer(scene: Scene):
    """store_in_vault_on_success, under a customer id made of tenant and number."""
    scene.world.have_nonce("nonce_1", number="5555555555554444", brand="MasterCard")

    result = await scene.adapter().finish_page(page(save=True), "nonce_1")

    (sale,) = scene.world.sold()
    assert isinstance(result.outcome, Succeeded)
    assert result.saved is not None
    assert result.saved.label == "MasterCard 4444"
    assert result.saved.means == MeansReference(reference=sale.token, customer=result.customer)
    assert str(result.saved.expires_on) == "2030-12-31"
    assert result.saved.fingerprint == "uni-4444"
    assert len(result.customer) == 35
    assert scene.world.customers[result.customer].company == "Ada Brandt"
    assert sale.source == "recurring_first"
    assert await scene.adapter().read_page(page(save=True), KEY) == PageResult(
        outcome=result.outcome, saved=result.saved
    )


async def test_a_card_is_saved_without_a_payment_under_the_pages_key(scene: Scene):
    """amount None: verified and vaulted; the same request again gives the same means."""
    scene.world.have_nonce("nonce_1")
    adapter = scene.adapter()
    request = page(amount=None, save=True)

    waits = await adapter.read_page(request, KEY)
    first = await adapter.finish_page(request, "nonce_1")
    again = await adapter.finish_page(request, "nonce_1")

    assert isinstance(waits.outcome, ActionNeeded)
    assert first.outcome == Succeeded(reference=KEY, amount=Decimal(0), currency="EUR", at=NOW)
    assert first.saved == SavedMeans(
        means=MeansReference(reference=KEY, customer=first.customer),
        method=PaymentMethod.CARD,
        label="Visa 1111",
        fingerprint="uni-1111",
        expires_on=NOW.date().replace(year=2030, day=31),
    )
    assert again == first
    assert (await adapter.read_page(request, KEY)).saved == first.saved
    assert scene.statuses() == []


async def test_a_paypal_agreement_is_saved_and_a_single_payment_is_not(scene: Scene):
    """82902: a one-time PayPal nonce cannot be vaulted (payments 3.6)."""
    scene.world.have_nonce("agreement", kind="paypal", email="ada@example.com")
    scene.world.have_nonce("single", kind="paypal", agreement=False)
    adapter = scene.adapter()
    request = page(method=PaymentMethod.PAYPAL, amount=None, save=True)

    refused = await adapter.finish_page(request, "single")
    saved = await adapter.finish_page(request, "agreement")

    assert isinstance(refused.outcome, Rejected)
    assert refused.outcome.code == "82902"
    assert saved.saved is not None
    assert (saved.saved.label, saved.saved.method) == ("PayPal a…@example.com", "PAYPAL")
    assert saved.saved.fingerprint == "payer-ada@example.com"


async def test_a_payment_by_paypal_that_keeps_the_agreement_is_pending(scene: Scene):
    """The means is kept at once, the money comes with the settlement."""
    scene.world.have_nonce("agreement", kind="paypal", email="ada@example.com")

    result = await scene.adapter().finish_page(
        page(method=PaymentMethod.PAYPAL, save=True), "agreement"
    )

    assert isinstance(result.outcome, Pending)
    assert result.saved is not None
    assert result.saved.label == "PayPal a…@example.com"


async def test_a_declined_card_can_be_followed_by_another_page(scene: Scene):
    """The customer sees it; nothing was kept."""
    scene.world.have_nonce("nonce_1")
    scene.world.decline_next("2001")

    result = await scene.adapter().finish_page(page(save=True), "nonce_1")

    assert isinstance(result.outcome, Declined)
    assert (result.outcome.code, result.saved) == ("2001", None)


@pytest.mark.parametrize(("code", "kind"), [("2099", ActionNeeded), ("2004", Declined)])
async def test_a_card_that_fails_its_verification_is_not_saved(scene: Scene, code: str, kind: type):
    """The bank's answer to a verification counts as to a sale."""
    scene.world.have_nonce("nonce_1")
    scene.world.decline_next(code)

    result = await scene.adapter().finish_page(page(amount=None), "nonce_1")

    assert isinstance(result.outcome, kind)
    assert (result.saved, KEY in scene.world.means) == (None, False)


@pytest.mark.parametrize("amount", [Decimal("119.00"), None])
async def test_what_the_browser_gave_is_good_for_three_hours(scene: Scene, amount: Decimal | None):
    """An old or unknown nonce did nothing: the customer enters again."""
    scene.world.have_nonce("old", made_at=NOW - timedelta(hours=3))

    result = await scene.adapter().finish_page(page(amount=amount), "old")

    assert isinstance(result.outcome, Declined)
    assert result.outcome.reason == "ENTER_AGAIN"
    assert scene.statuses() == []


@pytest.mark.parametrize("keys", [True, False])
async def test_a_page_that_is_sent_twice_charges_once(scene: Scene, keys: bool):
    """A double click, or the browser's "send again"."""
    scene.world.have_nonce("nonce_1")
    scene.world.have_nonce("nonce_2")
    adapter = scene.adapter(request_keys=keys)
    scene.world.fail_next(Fault.LOST_AFTER, SALE)

    first = await adapter.finish_page(page(), "nonce_1")
    second = await adapter.finish_page(page(), "nonce_1")
    third = await adapter.finish_page(page(), "nonce_2")

    assert isinstance(first.outcome, Unclear)
    assert isinstance(second.outcome, Succeeded)
    assert third.outcome == second.outcome
    assert audit.charges_by_order(scene.world.charges.values()) == {KEY: 1}


async def test_a_used_nonce_whose_sale_is_not_found_yet_is_unclear(scene: Scene):
    """Only we have it: so an earlier sending used it, and the search lags."""
    scene.world.have_nonce("nonce_1")
    scene.world.search_lag = timedelta(minutes=5)
    adapter = scene.adapter(request_keys=False)
    await adapter.finish_page(page(), "nonce_1")

    again = await adapter.finish_page(page(), "nonce_1")

    assert isinstance(again.outcome, Unclear)
    assert len(scene.world.sold()) == 1


async def test_a_nonce_that_was_used_elsewhere_saves_nothing(scene: Scene):
    """Vaulting finds neither the nonce nor a means under the page's key."""
    scene.world.have_nonce("nonce_1", used=True)

    result = await scene.adapter().finish_page(page(amount=None), "nonce_1")

    assert isinstance(result.outcome, Unclear)


async def test_a_lost_vaulting_is_unclear_and_found_by_its_token(scene: Scene):
    """The token is the page's key."""
    scene.world.have_nonce("nonce_1")
    scene.world.fail_next(Fault.LOST_AFTER, "/payment_methods$")
    adapter = scene.adapter()

    first = await adapter.finish_page(page(amount=None), "nonce_1")
    found = await adapter.close_page(page(amount=None), KEY)

    assert isinstance(first.outcome, Unclear)
    assert found.saved is not None
    assert found.saved.means.reference == KEY


async def test_a_customer_that_cannot_be_made_stops_before_any_money(scene: Scene):
    """Nothing was charged; the core sends the same result again."""
    scene.world.have_nonce("nonce_1")
    scene.world.fail_next(Fault.BROKEN, "/customers")

    result = await scene.adapter().finish_page(page(save=True), "nonce_1")

    assert isinstance(result.outcome, Unclear)
    assert scene.statuses() == []


async def test_a_customer_whose_id_braintree_refuses_stops_as_well(scene: Scene):
    """An id of the core's that is none of Braintree's; another page made it meanwhile is no error."""
    scene.world.have_nonce("nonce_1")
    wrong = await scene.adapter().finish_page(page(save=True, customer="no good"), "nonce_1")
    scene.world.race_customers = True
    right = await scene.adapter().finish_page(page(save=True), "nonce_1")

    assert isinstance(wrong.outcome, Rejected)
    assert isinstance(right.outcome, Succeeded)


async def test_a_means_whose_description_is_lost_does_not_hide_the_payment(scene: Scene):
    """The money is what counts."""
    scene.world.have_nonce("nonce_1")
    scene.world.fail_next(Fault.LOST_AFTER, "/payment_methods/any/")

    result = await scene.adapter().finish_page(page(save=True), "nonce_1")

    assert isinstance(result.outcome, Succeeded)
    assert result.saved is None


async def test_a_payment_that_was_taken_back_keeps_no_means(scene: Scene):
    """Voided by a person: the page tells it, and the means is not offered as kept."""
    scene.world.have_nonce("nonce_1")
    adapter = scene.adapter()
    await adapter.finish_page(page(save=True), "nonce_1")
    giving.void_by_hand(scene.world, scene.world.sold()[0].id)

    result = await adapter.read_page(page(save=True), KEY)

    assert (result.outcome.kind, result.saved) == ("CANCELLED", None)


async def test_a_deleted_means_is_not_shown_as_kept(scene: Scene):
    """Between the payment and the next look the vault forgot it."""
    scene.world.have_nonce("nonce_1")
    adapter = scene.adapter()
    await adapter.finish_page(page(save=True), "nonce_1")
    scene.world.forget_means(scene.world.sold()[0].token)

    assert (await adapter.read_page(page(save=True), KEY)).saved is None


@pytest.mark.parametrize(("nonce", "currency"), [("", "EUR"), ("n" * 256, "EUR"), ("n", "CHF")])
async def test_what_is_no_nonce_or_no_account_is_not_sent(scene: Scene, nonce: str, currency: str):
    """The field comes from a browser: empty or endless texts stay here."""
    result = await scene.adapter().finish_page(page(currency=currency), nonce)

    assert isinstance(result.outcome, Rejected)
    assert scene.world.requests == []


async def test_a_page_waits_until_it_expires_and_is_then_closed(scene: Scene):
    """Nobody but us can charge on it: closing asks for what was done before."""
    adapter = scene.adapter()

    open_one = await adapter.read_page(page(), KEY)
    scene.world.clock.advance(timedelta(hours=1))
    expired = await adapter.read_page(page(), KEY)
    closed = await adapter.close_page(page(), KEY)

    assert open_one.outcome == ActionNeeded(reference=KEY, reason="open")
    assert expired.outcome == Cancelled(reference=KEY)
    assert closed.outcome == Cancelled(reference=KEY)


async def test_a_page_that_cannot_be_read_is_unclear(scene: Scene):
    """A failed search is no "nothing happened"."""
    scene.world.fail_next(Fault.DOWN, "/advanced_search_ids$", times=2)
    scene.world.have_nonce("nonce_1")

    assert isinstance((await scene.adapter().close_page(page(), KEY)).outcome, Unclear)
    assert isinstance((await scene.adapter().finish_page(page(), "nonce_1")).outcome, Unclear)
    assert scene.statuses() == []


async def test_a_saved_means_is_described_until_it_is_gone(scene: Scene):
    """Forgetting twice is forgetting; a revoked agreement is gone."""
    adapter, card = scene.adapter(), MeansReference(reference="card_1")

    described = await adapter.describe_means(card)
    await adapter.forget_means(card)
    await adapter.forget_means(card)

    assert described is not None
    assert described.label == "Visa 1111"
    assert await adapter.describe_means(card) is None
    scene.world.means["paypal_1"].revoked_at = NOW
    assert await adapter.describe_means(MeansReference(reference="paypal_1")) is None


async def test_a_lost_answer_about_a_means_is_asked_for_again(scene: Scene):
    """Reading and forgetting charge nobody."""
    card = MeansReference(reference="card_1")
    scene.world.fail_next(Fault.LOST_AFTER, "/payment_methods/any/", times=2)

    with pytest.raises(OutsideUnavailable):
        await scene.adapter().describe_means(card)
    with pytest.raises(OutsideUnavailable):
        await scene.adapter().forget_means(card)
    assert ATTEMPT.hex == KEY


async def test_a_sound_account_has_no_problems_and_an_unsound_one_says_what_to_do(scene: Scene):
    """Key, merchant accounts and their currencies, the webhook's address."""
    url = "https://billing.example/webhooks/braintree/werk"
    accounts = {"EUR": "werk_usd", "USD": "nowhere", "JPY": "werk_jpy"}
    sound = await scene.adapter().problems(url)
    scene.world.suspended.add("werk_jpy")
    unsound = await scene.adapter(merchant_accounts=accounts).problems("http://billing.example")
    refused = await scene.adapter(private_key="another").problems(url)
    nowhere = await scene.adapter().problems("")

    assert sound == []
    assert unsound == [
        (
            "Braintree delivers webhooks to https addresses only, not to http://billing.example:"
            " set FAKTURA_PUBLIC_URL"
        ),
        "Merchant account werk_usd takes USD, not EUR: correct it",
        "Merchant account werk_jpy is suspended: ask Braintree",
        "Merchant account nowhere does not exist: correct merchant_accounts",
    ]
    assert nowhere[0].endswith("https addresses only, and none is set: set FAKTURA_PUBLIC_URL")
    assert len(refused) == 3
    assert "does not take our key" in refused[0]
