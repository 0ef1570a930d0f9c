"""What the plugin registers, its settings, and what its words mean without anybody to ask."""

import asyncio
import logging
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pydantic import ValidationError
from typing_extensions import override

import faktura_braintree
from braintree_double.scene import Memory, Scene, collection
from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import NotFound, SettingMissing, TooPrecise
from faktura.kernel.outside_errors import AccountBroken, OutcomeUnknown
from faktura.plugin import (
    API_VERSION,
    AdapterSettings,
    Cancelling,
    Checking,
    EmbeddedPage,
    EventReading,
    Family,
    HttpAnswer,
    HttpRequest,
    MeansKeeping,
    NoHttp,
    PluginManifest,
    Polling,
    Refunding,
    Rejected,
    Runtime,
    Unclear,
)
from faktura_braintree.adapter import BraintreeAdapter
from faktura_braintree.charge import Charge, Refusal, charge_of, dispute_of, vaulted_of
from faktura_braintree.facts import credit_facts
from faktura_braintree.keys import KeyUse, RequestKeys
from faktura_braintree.mapping import amount_text, outcome_of, refund_of, refusal_outcome, saved_of
from faktura_braintree.sdk import Call, gateway_of, library, named
from faktura_braintree.settings import BraintreeSettings, PaidWhen
from faktura_braintree.vault import customer_id
from faktura_braintree.webhooks import BraintreeWebhooks

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
MEANS = {"token": "m1"}
RIGHT = {
    "merchant_id": "werk",
    "public_key": "pub",
    "private_key": "priv",
    "merchant_accounts": {"EUR": "werk_eur"},
}


def test_hook_register_payment_adapters_offers_braintree():
    """House rule: hooks take nothing and return classes."""
    assert faktura_braintree.describe_plugin() == PluginManifest(
        name="braintree", version="0.1.0", api_version=API_VERSION, families=(Family.PAYMENT,)
    )
    assert faktura_braintree.register_payment_adapters() == (BraintreeAdapter,)
    assert BraintreeAdapter.provider == "braintree"


def test_hook_register_webhook_sources_offers_braintrees():
    """The same provider, and the same settings: one instance for both."""
    assert faktura_braintree.register_webhook_sources() == (BraintreeWebhooks,)
    assert BraintreeWebhooks.provider == "braintree"
    assert BraintreeWebhooks.Settings is BraintreeAdapter.Settings


@pytest.mark.parametrize(
    "ability",
    [Cancelling, Refunding, EventReading, Polling, EmbeddedPage, MeansKeeping, Checking],
)
def test_the_adapter_has_its_abilities(ability: type):
    """Asked by isinstance."""
    assert issubclass(BraintreeAdapter, ability)


@pytest.mark.parametrize(
    "wrong",
    [
        {"merchant_id": "a/b"},
        {"public_key": ""},
        {"private_key": ""},
        {"private_key": "schlüssel"},
        {"merchant_accounts": {}},
        {"merchant_accounts": {"XXX": "werk"}},
        {"merchant_accounts": {"EUR": ""}},
        {"environment": "staging"},
        {"base_url": "ftp://example"},
        {"base_url": "https://example/"},
        {"paid_when": "AUTHORIZED"},
        {"tenant_field": "Tenant!"},
        {"threads": 0},
        {"web_version": "latest"},
        {"secret": "x"},
    ],
)
def test_settings_that_cannot_work_are_refused(wrong: dict[str, object]):
    """When they are set, not at night."""
    with pytest.raises(ValidationError):
        BraintreeSettings.model_validate(RIGHT | wrong)


def test_the_address_is_that_of_the_environment_unless_another_is_set():
    """Production by default: a forgotten setting never charges a test account in earnest's place."""
    settings = [
        BraintreeSettings.model_validate(RIGHT | more)
        for more in ({}, {"environment": "sandbox"}, {"base_url": "http://127.0.0.1:3000"})
    ]

    assert [one.address for one in settings] == [
        "https://api.braintreegateway.com",
        "https://api.sandbox.braintreegateway.com",
        "http://127.0.0.1:3000",
    ]
    assert "'priv'" not in repr(settings[0])


def test_settings_of_another_kind_are_refused():
    """The hub never does it; whoever builds an adapter by hand is told."""
    runtime = Runtime(FixedClock(NOW), logging.getLogger("braintree"), Memory())

    with pytest.raises(SettingMissing, match="settings of its own"):
        BraintreeAdapter(AdapterSettings(), runtime)
    with pytest.raises(SettingMissing, match="settings of its own"):
        BraintreeWebhooks(AdapterSettings(), runtime)


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("119", "EUR", "119.00"),
        ("0.01", "EUR", "0.01"),
        ("1500", "JPY", "1500"),
        ("1.5", "KWD", "1.500"),
        ("1234567.89", "USD", "1234567.89"),
    ],
)
def test_amounts_have_their_currencys_decimals(amount: str, currency: str, expected: str):
    """Texts, never floats (payments 3.1)."""
    assert amount_text(Decimal(amount), currency) == expected


def test_an_amount_that_is_no_whole_cent_is_not_sent():
    """Nothing is rounded on the way out."""
    with pytest.raises(TooPrecise):
        amount_text(Decimal("1.005"), "EUR")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("settled", "SUCCEEDED"),
        ("settlement_confirmed", "SUCCEEDED"),
        ("settling", "SUCCEEDED"),
        ("submitted_for_settlement", "SUCCEEDED"),
        ("settlement_pending", "PENDING"),
        ("authorized", "UNCLEAR"),
        ("authorizing", "UNCLEAR"),
        ("authorization_expired", "DECLINED"),
        ("processor_declined", "DECLINED"),
        ("settlement_declined", "DECLINED"),
        ("settlement_failed", "DECLINED"),
        ("failed", "DECLINED"),
        ("gateway_rejected", "DECLINED"),
        ("voided", "CANCELLED"),
        ("of_tomorrow", "UNCLEAR"),
        ("", "UNCLEAR"),
    ],
)
def test_every_state_of_braintrees_has_an_outcome(status: str, expected: str):
    """Total: only an explicit yes or no moves money, the unknown is unclear."""
    charge = Charge(id="t1", kind="sale", status=status, amount=Decimal("1.00"), currency="EUR")

    assert outcome_of(charge, PaidWhen.SUBMITTED).kind == expected


def test_every_state_of_the_sdk_is_in_the_table():
    """A new version of the SDK with a new state shows here."""
    states = {
        value
        for name, value in vars(library().Transaction.Status).items()
        if not name.startswith("_")
    }

    assert states == {
        "authorization_expired",
        "authorized",
        "authorizing",
        "failed",
        "gateway_rejected",
        "processor_declined",
        "settled",
        "settlement_confirmed",
        "settlement_declined",
        "settlement_failed",
        "settlement_pending",
        "settling",
        "submitted_for_settlement",
        "voided",
    }


@pytest.mark.parametrize(
    ("brand", "code", "hard"),
    [("MasterCard", "2019", True), ("Visa", "2019", False), ("Visa", "2015", True)],
)
def test_mastercard_prohibits_more_retries_than_visa(brand: str, code: str, hard: bool):
    """Data of payments 3.4."""
    charge = Charge(
        id="t1",
        kind="sale",
        status="processor_declined",
        amount=Decimal("1.00"),
        currency="EUR",
        answer="soft_declined",
        code=code,
        card_brand=brand,
    )

    outcome = outcome_of(charge, PaidWhen.SUBMITTED)

    assert outcome.kind == "DECLINED"
    assert outcome.hard is hard


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"status": "processor_declined", "code": "2069"}, "PayPal knows the order of t1 already"),
        (
            {"status": "gateway_rejected", "rejection": "duplicate"},
            "t1 repeats a sale that Braintree has already",
        ),
        ({"status": "authorizing"}, "Braintree says “authorizing” of t1"),
    ],
)
def test_what_proves_nothing_is_unclear_for_sales_and_refunds(fields: dict[str, str], why: str):
    """A repetition says that there is a first one, and nothing of it."""
    charge = Charge(
        id="t1",
        kind="credit",
        amount=Decimal("1.00"),
        currency="EUR",
        **fields,  # type: ignore[arg-type]  # texts all
    )

    assert outcome_of(charge, PaidWhen.SUBMITTED) == Unclear(why=why)
    assert refund_of(charge, PaidWhen.SUBMITTED).answer == "UNCLEAR"
    assert credit_facts(charge, None, PaidWhen.SUBMITTED) == ()


def test_a_refusal_without_any_code_is_unclear():
    """Nothing is guessed out of a message."""
    refusal = Refusal(codes=(), message="Something went wrong")

    assert isinstance(refusal_outcome(refusal, PaidWhen.SUBMITTED), Unclear)
    known = Refusal(codes=("81528",), message="Amount is too large.")
    assert refusal_outcome(known, PaidWhen.SUBMITTED) == Rejected(
        code="81528", message="Amount is too large."
    )


class Thing:
    """An object of the SDK, with some of its fields."""

    def __init__(self, **fields: object) -> None:
        self.__dict__.update(fields)


def test_objects_that_lack_fields_are_read_as_far_as_they_go():
    """Old notifications and disputes lack some (payments 3.5)."""
    bare = charge_of(Thing(id="t1", amount="1.00"))
    dispute = dispute_of(Thing(id="d1", amount="5.00", received_date=NOW.date()))
    means = saved_of(vaulted_of(Thing(**MEANS)))

    assert (bare.kind, bare.status, bare.order, bare.changed_at.year) == ("sale", "", "", 1970)
    assert (dispute.charge, dispute.amount, dispute.changed_at) == (
        "",
        Decimal("5.00"),
        datetime(2026, 12, 1, tzinfo=UTC),
    )
    assert (means.label, means.expires_on) == ("", None)
    assert dispute_of(Thing(id="d1", amount="5.00")).changed_at.year == 1970
    assert saved_of(vaulted_of(Thing(**MEANS, email="nobody"))).label == "PayPal"


def test_an_amount_that_is_no_number_is_an_error():
    """NaN is a Decimal to the SDK, and no money to us."""
    with pytest.raises(ValueError, match="no amount"):
        charge_of(Thing(id="t1", amount="NaN"))


def test_the_sdks_errors_have_names_of_ours():
    """What has no name may have been done."""
    kinds = library().exceptions

    assert isinstance(named(kinds.NotFoundError()), NotFound)
    assert isinstance(named(kinds.AuthenticationError()), AccountBroken)
    assert isinstance(named(kinds.AuthorizationError()), AccountBroken)
    assert isinstance(named(kinds.UpgradeRequiredError()), AccountBroken)
    for error in (kinds.ServerError(), kinds.ServiceUnavailableError(), KeyError("x")):
        assert isinstance(named(error), OutcomeUnknown)


def test_what_an_adapter_remembers_of_keys_survives_nonsense():
    """A state of an older version, or none."""
    state = Memory()
    keys = RequestKeys(state, wanted=True)
    state.put("request_keys", {"use": "perhaps"})

    assert keys.use is KeyUse.UNTRIED
    keys.learn(KeyUse.TAKEN)
    keys.learn(KeyUse.TAKEN)
    assert (keys.use, state.writes) == (KeyUse.TAKEN, 2)
    unwanted = RequestKeys(state, wanted=False)
    unwanted.learn(KeyUse.TAKEN)
    assert (unwanted.use, state.writes) == (KeyUse.REFUSED, 2)


def test_customers_of_two_tenants_never_meet():
    """Worked out with sha256sum; letters, digits and hyphens, at most 36."""
    assert customer_id("werk", "10001") == "fk-cfc9493145be6bd975fe22061d34d29e"
    assert customer_id("werk1", "0001") != customer_id("werk", "10001")


async def test_a_loop_that_answers_no_more_leaves_no_thread_waiting():
    """The SDK's gateway closes without holding anything."""
    loop = asyncio.get_running_loop()

    class Never(NoHttp):
        @override
        async def request(self, request: HttpRequest) -> HttpAnswer:
            raise AssertionError(request)

    call = Call(loop, Never())
    call.give_up()
    with pytest.raises(OutcomeUnknown, match="nobody waits"):
        call.send(HttpRequest("GET", "https://example"))


async def test_the_gateway_holds_no_connection(scene: Scene):
    """Each request goes out by the core: closing closes nothing."""
    adapter = scene.adapter()
    await adapter.collect(collection())

    adapter._sdk._opened().config.close()

    assert gateway_of(scene.settings()).config.merchant_id == "werk"
