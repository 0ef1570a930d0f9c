"""The contract of connectors: an incompatible change is refused while its version stays (O26)."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from faktura.plugin import API_VERSION
from faktura.testing.contract import contract
from faktura.testing.contract_changes import incompatible_changes

PUBLISHED = Path(__file__).parents[3] / f"docs/connector-contract-{API_VERSION}.json"
Change = Callable[[dict[str, Any]], object]


def test_connectors_of_this_version_go_on_working():
    """Whoever breaks the published contract counts API_VERSION up, and says so in the changelog."""
    published = json.loads(PUBLISHED.read_text(encoding="utf-8"))

    assert incompatible_changes(published, contract()) == []
    assert published["apiVersion"] == 1


def gone(*path: str) -> Change:
    """Something is removed."""

    def change(new: dict[str, Any]) -> None:
        place = new
        for word in path[:-1]:
            place = place[word]
        del place[path[-1]]

    return change


COLLECT = ("classes", "PaymentAdapter", "methods", "collect")
BREAKS: dict[str, Change] = {
    "Refunding: faktura.plugin has it no more": lambda new: new["names"].remove("Refunding"),
    "hook register_bank_feeds: gone or renamed": gone("hooks", "register_bank_feeds"),
    "hook describe_plugin: was `describe_plugin() -> PluginManifest`,"
    " is `describe_plugin(tenant) -> PluginManifest`": lambda new: new["hooks"].update(
        describe_plugin="describe_plugin(tenant) -> PluginManifest"
    ),
    "PaymentAdapter.collect: gone or renamed": gone(*COLLECT),
    "PaymentAdapter.collect: was `async collect(self, request: CollectRequest) -> Outcome`,"
    " is `async collect(self, request: CollectRequest, key: str) -> Outcome`": lambda new: new[
        "classes"
    ]["PaymentAdapter"]["methods"]["collect"].update(
        signature="async collect(self, request: CollectRequest, key: str) -> Outcome"
    ),
    "PaymentAdapter.settle: must be implemented now": lambda new: new["classes"]["PaymentAdapter"][
        "methods"
    ].update(settle={"signature": "settle(self) -> None", "abstract": True}),
    "PaymentAdapter.provider: gone or renamed": gone(
        "classes", "PaymentAdapter", "attributes", "provider"
    ),
    "StatementParser.version: required now": lambda new: new["classes"]["StatementParser"][
        "attributes"
    ].update(version={"type": "ClassVar[str]", "required": True}),
    "StatementParser: derives from Adapter no more": lambda new: new["classes"]["StatementParser"][
        "bases"
    ].clear(),
    "CollectRequest.key: was `key(self) -> str`, is `gone`": gone(
        "classes", "CollectRequest", "properties", "key"
    ),
    "HttpRequest.method: was str, is bytes": lambda new: new["classes"]["HttpRequest"][
        "attributes"
    ]["method"].update(type="bytes"),
    "FormPart: was built of ['name', 'content', 'media_type', 'filename'],"
    " is of ['content', 'name', 'media_type', 'filename']": lambda new: new["classes"]["FormPart"][
        "positional"
    ].sort(key=["content", "name", "media_type", "filename"].index),
    "is_signed: was `is_signed(content: bytes, signature: str, secret: str) -> bool`,"
    " is `is_signed(content: bytes, secret: str) -> bool`": lambda new: new["functions"].update(
        is_signed="is_signed(content: bytes, secret: str) -> bool"
    ),
    "Balance.on: gone or renamed": gone("schemas", "Balance", "properties", "on"),
    "CollectRequest.tenant: was {'type': 'string'}, is {'type': 'integer'}": lambda new: new[
        "schemas"
    ]["CollectRequest"]["properties"]["tenant"].update(type="integer"),
    "BankTransaction.gvc: required now": lambda new: new["schemas"]["BankTransaction"][
        "required"
    ].append("gvc"),
    "PaymentMethod: the word CARD is gone": lambda new: new["schemas"]["PaymentMethod"][
        "enum"
    ].remove("CARD"),
    "Unclear: its schema is gone or renamed": gone("schemas", "Unclear"),
}


@pytest.mark.parametrize(("told", "change"), BREAKS.items(), ids=list(BREAKS))
def test_what_would_break_a_connector_is_named(told: str, change: Change):
    """Removed, renamed, retyped, made required: each names the place that a connector relies on."""
    old = contract()
    new = copy.deepcopy(old)
    change(new)

    assert incompatible_changes(old, new) == [told]


def test_a_renamed_field_is_two_breaks():
    """It is gone under its old name; under its new one it is asked for."""
    old = contract()
    new = copy.deepcopy(old)
    fields = new["schemas"]["Balance"]
    fields["properties"]["day"] = fields["properties"].pop("on")
    fields["required"][fields["required"].index("on")] = "day"

    assert incompatible_changes(old, new) == [
        "Balance.on: gone or renamed",
        "Balance.day: required now",
    ]


def test_what_only_adds_breaks_nobody():
    """A hook, a name, an optional field, a word, a method with a default way: all may come."""
    old = contract()
    new = copy.deepcopy(old)
    new["names"].append("Rebating")
    new["hooks"]["register_rebates"] = "register_rebates() -> Sequence[type[Rebating]]"
    new["classes"]["PaymentAdapter"]["methods"]["name"] = {
        "signature": "name(self) -> str",
        "abstract": False,
    }
    new["schemas"]["Balance"]["properties"]["note"] = {"type": "string", "default": ""}
    new["schemas"]["PaymentMethod"]["enum"].append("SHELLS")

    assert incompatible_changes(old, new) == []


def test_another_version_may_break_what_it_likes():
    """The core refuses plugins of another version by name; nothing breaks in silence."""
    old = contract()
    new = {**copy.deepcopy(old), "apiVersion": API_VERSION + 1, "hooks": {}}

    assert incompatible_changes(old, new) == []
