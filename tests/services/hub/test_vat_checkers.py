"""Checkers of VAT ids in the hub: found by name, built under the plugin's settings (F120)."""

import asyncio
from datetime import UTC, datetime

import pytest

from faktura.hub.adapters import Adapters, Installation
from faktura.hub.loader import load
from faktura.hub.nothing_kept import NothingKept
from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import PluginBroken, PluginMissing
from faktura.kernel.vat_terms import VatCheckResult
from faktura.plugin import VatIdQuestion

CLOCK = FixedClock(datetime(2026, 10, 31, 8, 0, tzinfo=UTC))
PLUGIN = """
@hookimpl
def describe_plugin():
    return manifest("register")


class Register(VatIdChecker):
    checker = {name!r}

    async def check(self, question):
        return VatIdAnswer(result="INVALID")


@hookimpl
def register_vat_checkers():
    return [Register]
"""


def test_a_plugins_checker_is_known_by_its_name(install):
    """And is built for a tenant that asks by that name; another name is refused."""
    install("register", PLUGIN.format(name="land"))
    registry = load(["register"])
    adapters = Adapters(registry, NothingKept(), CLOCK, Installation({}))

    assert adapters.vat_checkers() == ("land",)
    answer = asyncio.run(adapters.vat_checker(1, "land").check(VatIdQuestion(vat_id="ATU1")))
    assert answer.result is VatCheckResult.INVALID
    with pytest.raises(PluginMissing):
        adapters.vat_checker(1, "moon")


def test_a_checker_without_a_name_stops_the_start(install):
    """Nobody could ask it."""
    install("register", PLUGIN.format(name=""))

    with pytest.raises(PluginBroken):
        load(["register"])
