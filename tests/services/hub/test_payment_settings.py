"""Adapters of payments are a tenant's own choice: their settings are asked for by account."""

from typing import ClassVar

import pytest
from pydantic import SecretStr
from typing_extensions import override

from faktura.hub.adapters import Adapters, Installation
from faktura.hub.nothing_kept import NothingKept
from faktura.hub.registry import Offer, Registry
from faktura.kernel.clock import SystemClock
from faktura.kernel.errors import PluginMissing, SettingMissing
from faktura.plugin import (
    API_VERSION,
    AdapterSettings,
    ChargebackAction,
    ChargebackNotice,
    PluginManifest,
)
from faktura.testing.payment_double import DoubleProvider
from faktura.testing.webhook_double import DoubleSource


class Keyed(AdapterSettings):
    """One field that nobody can guess."""

    api_key: SecretStr


class Till(DoubleProvider):
    """A provider that wants a key."""

    Settings: ClassVar[type[AdapterSettings]] = Keyed


class TillEvents(DoubleSource):
    """Reads its deliveries."""

    Settings: ClassVar[type[AdapterSettings]] = Keyed


class Call(ChargebackAction):
    """Calls somebody."""

    Settings: ClassVar[type[AdapterSettings]] = Keyed
    action = "call"

    @override
    async def act(self, notice: ChargebackNotice) -> str:
        return notice.reason


def test_payment_adapters_are_checked_for_accounts_alone():
    """A tenant without an account at a provider need not have its key; one with an account must."""
    manifest = PluginManifest(name="till", version="1", api_version=API_VERSION, families=())
    registry = Registry(
        plugins={"till": manifest},
        payments={"till": Offer("till", "till", Till)},
        webhooks={"till": Offer("till", "till", TillEvents)},
        actions={"call": Offer("till", "call", Call)},
    )
    environment = {"FAKTURA_TILL_AT__API_KEY": "sk_1"}
    adapters = Adapters(registry, NothingKept(), SystemClock(), Installation(environment))

    adapters.check(1)
    adapters.check_payment(1, "till", "till-at")
    assert adapters.providers() == ("till",)
    for instance in ("till", "till-de"):
        with pytest.raises(SettingMissing):
            adapters.check_payment(1, "till", instance)
    with pytest.raises(PluginMissing):
        adapters.check_payment(1, "moon", "till-at")
    with pytest.raises(SettingMissing):
        adapters.check_action(1, "call")
    with pytest.raises(PluginMissing):
        adapters.check_action(1, "write")
