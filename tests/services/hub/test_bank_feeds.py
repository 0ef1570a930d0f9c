"""Bank feeds in the hub: found by name, built under an access's own settings."""

from datetime import UTC, datetime
from typing import ClassVar

import pytest
from pydantic import SecretStr

from faktura.hub.adapters import Adapters, Installation
from faktura.hub.loader import load
from faktura.hub.nothing_kept import NothingKept
from faktura.hub.registry import Offer, Registry
from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import PluginBroken, PluginMissing, SettingMissing
from faktura.plugin import API_VERSION, AdapterSettings, PluginManifest
from faktura.testing.feed_double import DoubleFeed

CLOCK = FixedClock(datetime(2026, 10, 31, 8, 0, tzinfo=UTC))
PLUGIN = """
from faktura.testing.feed_double import DoubleFeed


@hookimpl
def describe_plugin():
    return manifest("fed")


class Feed(DoubleFeed):
    feed = {name!r}


@hookimpl
def register_bank_feeds():
    return [Feed]
"""


class Keyed(AdapterSettings):
    """One field that nobody can guess."""

    api_key: SecretStr


class KeyedFeed(DoubleFeed):
    """A feed that wants a key."""

    Settings: ClassVar[type[AdapterSettings]] = Keyed


def test_a_plugins_feed_is_known_by_its_name(install):
    """And belongs to the plugin."""
    install("fed", PLUGIN.format(name="fed"))

    registry = load(["fed"])

    assert [(offer.id, offer.plugin) for offer in registry.feeds.values()] == [("fed", "fed")]
    assert [offer.id for offer in registry.offers_of("fed")] == ["fed"]


def test_a_feed_without_a_name_stops_the_start(install):
    """Nobody could ask for it."""
    install("fed", PLUGIN.format(name=""))

    with pytest.raises(PluginBroken):
        load(["fed"])


def test_a_feed_is_built_under_the_settings_of_its_access():
    """A tenant without an access need not have its key; two accesses have two."""
    manifest = PluginManifest(name="fed", version="1", api_version=API_VERSION, families=())
    registry = Registry(
        plugins={"fed": manifest}, feeds={"double": Offer("double", "fed", KeyedFeed)}
    )
    adapters = Adapters(
        registry, NothingKept(), CLOCK, Installation({"FAKTURA_MAIN__API_KEY": "k"})
    )

    adapters.check(1)
    assert adapters.feed_names() == ("double",)
    assert isinstance(adapters.bank_feed(1, "double", "main"), KeyedFeed)
    with pytest.raises(SettingMissing):
        adapters.bank_feed(1, "double")
    with pytest.raises(PluginMissing):
        adapters.bank_feed(1, "moon")
