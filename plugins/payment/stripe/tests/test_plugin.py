"""What the plugin offers, and what its import must not bring along."""

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError
from stripe._api_version import _ApiVersion

import faktura_stripe
from faktura.kernel.errors import SettingMissing
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import AdapterSettings, Family
from faktura_stripe.adapter import StripeAdapter
from faktura_stripe.settings import API_VERSION, StripeSettings
from faktura_stripe.webhooks import StripeWebhooks
from stripe_double.scene import Scene


def test_it_says_who_it_is():
    manifest = faktura_stripe.describe_plugin()

    assert (manifest.name, manifest.families) == ("stripe", (Family.PAYMENT,))


def test_hook_register_payment_adapters_and_webhook_sources_give_classes_of_one_provider():
    (adapter,) = faktura_stripe.register_payment_adapters()
    (source,) = faktura_stripe.register_webhook_sources()

    assert (adapter, source) == (StripeAdapter, StripeWebhooks)
    assert adapter.Settings is source.Settings is StripeSettings


def test_registering_does_not_import_the_sdk():
    """Entry points are imported at each start: the SDK waits until an adapter is built."""
    script = (
        "import sys, faktura_stripe as f\n"
        "f.register_payment_adapters(); f.register_webhook_sources()\n"
        "print('stripe' in sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "False"


def test_the_api_version_is_that_of_the_sdk():
    """A new SDK means a new version: then its changes have to be read first (1.2)."""
    assert API_VERSION == _ApiVersion.CURRENT == "2026-10-28.endive"


def test_nothing_ever_sends_the_parameter_that_was_removed():
    """`payment_method_types` gives 400 since 2026-09-30.endive (1.2)."""
    folder = Path(faktura_stripe.__file__).parent
    found = [
        f"{path.name}:{number}"
        for path in folder.glob("*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if '"payment_method_types"' in line
    ]

    assert found == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"api_base": "ftp://stripe.example"},
        {"api_base": "https://stripe.example/"},
        {"api_version": "yesterday"},
        {"descriptor_suffix": "123"},
        {"descriptor_suffix": "a<b"},
        {"tolerance": 0},
        {"secret_key": "sk_test"},
    ],
)
def test_settings_that_stripe_would_not_take_are_refused(wrong):
    with pytest.raises(ValidationError):
        StripeSettings.model_validate({"api_key": "rk_test"} | wrong)


@pytest.mark.parametrize(
    "text",
    ["whsec_a whsec_b", "whsec_a, whsec_b", '["whsec_a", "whsec_b"]', ["whsec_a", "whsec_b"]],
)
def test_several_secrets_fit_into_one_text_of_the_secret_store(text):
    settings = StripeSettings.model_validate({"api_key": "rk_test", "webhook_secrets": text})

    assert [one.get_secret_value() for one in settings.webhook_secrets] == ["whsec_a", "whsec_b"]


def test_methods_and_tolerance_are_read_from_the_environment():
    settings = StripeSettings.model_validate(
        {"api_key": "rk_test", "methods": "CARD,SEPA_DEBIT", "tolerance": "120"}
    )

    assert settings.methods == {PaymentMethod.CARD, PaymentMethod.SEPA_DEBIT}
    assert settings.tolerance == 120


@pytest.mark.parametrize("wrong", ["[broken", "[1]"])
def test_a_list_that_cannot_be_read_is_refused(wrong):
    with pytest.raises(ValidationError):
        StripeSettings.model_validate({"api_key": "rk_test", "webhook_secrets": wrong})


def test_secrets_are_not_printed():
    settings = StripeSettings.model_validate(
        {"api_key": "rk_live_of_us", "webhook_secrets": ("whsec_of_us",)}
    )

    assert "of_us" not in f"{settings!r} {settings}"


def test_settings_of_somebody_else_build_nothing(scene: Scene):
    for kind in (StripeAdapter, StripeWebhooks):
        with pytest.raises(SettingMissing):
            kind(AdapterSettings(), scene.adapter().runtime)


def test_capabilities_say_what_stripe_takes(scene: Scene):
    found = scene.adapter(methods=["CARD", "SEPA_DEBIT"]).capabilities()

    assert found.methods == {PaymentMethod.CARD, PaymentMethod.SEPA_DEBIT}
    assert str(found.minimum["EUR"]) == "0.50"
    assert str(found.maximum["EUR"]) == "999999.99"
    assert str(found.maximum["JPY"]) == "99999999"
    assert found.key_window is not None
    assert found.key_window.total_seconds() == 72_000
    assert found.takes_b2b is False
