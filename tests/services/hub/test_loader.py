"""Only enabled plugins load; whatever is wrong with one stops the start and names it."""

import sys
from textwrap import dedent

import pytest

from faktura.hub.loader import installed, load, problems
from faktura.hub.registry import chosen
from faktura.kernel.errors import ApiVersionWrong, PluginBroken, PluginMissing

PARSER = """
class Parser(StatementParser):
    format_id = "{id}"

    def recognises(self, head, filename):
        return False

    def parse(self, source, filename):
        yield from ()


@hookimpl
def register_statement_parsers():
    return (Parser,)
"""
FORMAT = """
class Format(DocumentFormat):
    format_id = "text"
    media_type = "{media_type}"
    file_suffix = ".txt"
    rule_set = "1"

    def check(self, document):
        return ()

    def render(self, document):
        return b""


@hookimpl
def register_document_formats():
    return [Format]
"""
READER = """
class Reader(DocumentReader):
    reader_id = "{id}"

    def recognises(self, content):
        return False

    def read(self, content):
        raise ValueError

    def check(self, content):
        raise ValueError


@hookimpl
def register_document_readers():
    return [Reader]
"""
EXPORTER = """
class Exporter(AccountingExporter):
    target = "paper"

    def export(self, batch, source):
        yield from ()


@hookimpl
def register_accounting_exporters():
    return (Exporter,)
"""
LISTENER = """
class Bell(EventListener):
    listens_to = {types}

    async def handle(self, event):
        pass


@hookimpl
def register_event_listeners():
    return (Bell,)
"""
ACTION = """
class Call(ChargebackAction):
    action = "call"

    async def act(self, notice):
        return "called"


@hookimpl
def register_chargeback_actions():
    return (Call,)
"""


def described(name, body=""):
    """The source of a plugin that describes itself, and `body`."""
    return f'@hookimpl\ndef describe_plugin():\n    return manifest("{name}")\n\n\n' + dedent(body)


def test_no_plugin_is_loaded_when_none_is_enabled():
    """Installed is not enabled: the workspace's plugins are there and nothing of them is known."""
    registry = load([])

    assert {"camt", "datev", "example-csv", "xrechnung"} <= set(installed())
    assert registry.plugins == {}
    assert (registry.parsers, registry.formats, registry.exporters, registry.listeners) == (
        ({},) * 4
    )


def test_listing_plugins_imports_none_of_them(install):
    """`plugins list` must work while a plugin is broken."""
    install("bomb", "raise SystemError('imported')")

    assert installed()["bomb"].module == "made_bomb"
    assert "made_bomb" not in sys.modules


def test_every_class_is_kept_under_its_id_with_its_owner(install):
    """The hub asks each plugin alone, so that each adapter has an owner."""
    names = [
        install(
            "one", described("one", PARSER.format(id="a") + LISTENER.format(types="frozenset()"))
        ),
        install(
            "two", described("two", PARSER.format(id="b") + FORMAT.format(media_type="text/plain"))
        ),
        install("three", described("three", EXPORTER + READER.format(id="xml") + ACTION)),
    ]

    registry = load(names)

    assert list(registry.plugins) == ["one", "two", "three"]
    assert {key: offer.plugin for key, offer in registry.parsers.items()} == {
        "a": "one",
        "b": "two",
    }
    assert {key: offer.plugin for key, offer in registry.formats.items()} == {"text": "two"}
    assert {key: offer.plugin for key, offer in registry.readers.items()} == {"xml": "three"}
    assert {key: offer.plugin for key, offer in registry.exporters.items()} == {"paper": "three"}
    assert {key: offer.plugin for key, offer in registry.listeners.items()} == {"one.Bell": "one"}
    assert {key: offer.plugin for key, offer in registry.actions.items()} == {"call": "three"}
    assert [offer.id for offer in registry.offers_of("two")] == ["b", "text"]


def test_the_example_connector_loads_as_a_third_partys():
    """A distribution that nobody of us wrote registers by its entry point alone."""
    registry = load(["example-csv"])

    assert [offer.plugin for offer in registry.parsers.values()] == ["example-csv"]


def test_an_id_nobody_offers_is_refused_with_the_ids_that_would_do(install):
    """The user reads what there is instead."""
    registry = load([install("one", described("one", PARSER.format(id="a")))])

    with pytest.raises(PluginMissing) as refused:
        chosen(registry.parsers, "b", what="statement format")
    with pytest.raises(PluginMissing) as bare:
        chosen(registry.formats, "pdf", what="document format")

    assert refused.value.problem == "no enabled plugin offers the statement format “b”"
    assert refused.value.mend == "Offered: a"
    assert bare.value.mend == "Offered: nothing; enable a plugin in FAKTURA_PLUGINS"


def test_an_enabled_plugin_that_is_not_installed_stops_the_start():
    """The message names the plugin and what is installed."""
    with pytest.raises(PluginMissing) as refused:
        load(["camt", "no-such"])

    assert refused.value.place == "plugin no-such"
    assert "Installed: braintree, camt, datev, example-csv" in refused.value.mend


BROKEN = {
    "it cannot be imported: ModuleNotFoundError: No module named 'no_such_sdk'": "import no_such_sdk",
    "it cannot be imported: ZeroDivisionError: division by zero": "1 / 0",
    "describe_plugin does not return a PluginManifest": PARSER.format(id="a"),
    "it calls itself “other” and its entry point “odd”": described("other"),
    "it failed: ValueError: no": """
        @hookimpl
        def describe_plugin():
            raise ValueError("no")
        """,
    "it implements a hook that does not exist": described(
        "odd",
        """
        @hookimpl
        def register_statement_parser():
            return ()
        """,
    ),
    "a hook does not fit": described(
        "odd",
        """
        @hookimpl
        def register_statement_parsers(tenant):
            return ()
        """,
    ),
    "register_statement_parsers does not return a sequence of classes": described(
        "odd",
        """
        @hookimpl
        def register_statement_parsers():
            return None
        """,
    ),
    "register_document_formats does not return a sequence of classes": described(
        "odd",
        """
        @hookimpl
        def register_document_formats():
            return "Format"
        """,
    ),
    "register_statement_parsers returns <class 'int'>, which is no subclass of StatementParser": (
        described(
            "odd",
            """
            @hookimpl
            def register_statement_parsers():
                return (int,)
            """,
        )
    ),
    "register_event_listeners returns 7, which is no subclass of EventListener": described(
        "odd",
        """
        @hookimpl
        def register_event_listeners():
            return [7]
        """,
    ),
    "Parser does not implement parse, recognises": described(
        "odd",
        """
        class Parser(StatementParser):
            format_id = "a"

        @hookimpl
        def register_statement_parsers():
            return (Parser,)
        """,
    ),
    "Parser.format_id is not set": described("odd", PARSER.format(id="")),
    "Format.media_type is not set": described("odd", FORMAT.format(media_type="")),
    "Reader.reader_id is not set": described("odd", READER.format(id="")),
    "Bell.listens_to is no frozenset of event types": described(
        "odd", LISTENER.format(types="['INVOICE_CREATED']")
    ),
    "Exporter.Settings is no subclass of AdapterSettings": described(
        "odd", EXPORTER.replace('target = "paper"', 'target = "paper"\n    Settings = dict')
    ),
}


@pytest.mark.parametrize(("problem", "source"), BROKEN.items(), ids=list(BROKEN))
def test_a_plugin_that_does_not_keep_the_contract_stops_the_start(install, problem, source):
    """Each break of the contract is a named error with the plugin's name."""
    install("odd", source)

    with pytest.raises(PluginBroken) as refused:
        load(["odd"])

    assert refused.value.place.partition(",")[0] == "plugin odd"
    assert refused.value.problem.startswith(problem)
    assert refused.value.mend


def test_a_plugin_of_another_hook_version_stops_the_start(install):
    """Also when it implements hooks this core does not know: the version is the reason."""
    install(
        "new",
        """
        @hookimpl
        def describe_plugin():
            return manifest("new", api_version=99)

        @hookimpl
        def register_time_machines():
            return ()
        """,
    )

    with pytest.raises(ApiVersionWrong) as refused:
        load(["new"])

    assert refused.value.place == "plugin new, hook describe_plugin"
    assert refused.value.problem == (
        "it is written for version 99 of the hooks, this core has version 1"
    )


def test_two_plugins_cannot_offer_the_same_id(install):
    """Nothing is broadcast and nothing is guessed: the second one is named."""
    names = [
        install("one", described("one", PARSER.format(id="same"))),
        install("two", described("two", PARSER.format(id="same"))),
    ]

    with pytest.raises(PluginBroken) as refused:
        load(names)

    assert str(refused.value) == (
        "plugin two, hook register_statement_parsers: “same” is offered by the plugin one already."
        " Enable only one of them"
    )


def test_a_name_claimed_by_two_distributions_is_refused(install):
    """Which of them runs must not depend on the order of the import path."""
    install("twin", described("twin"))
    install("twin", described("twin"), distribution="other")

    with pytest.raises(PluginBroken, match="2 installed distributions claim the name"):
        load(["twin"])


def test_an_entry_point_that_names_no_module_is_refused(install):
    """An object is not a plugin: hooks are functions of a module."""
    install("thing", "value = 3", entry="made_thing:value")

    with pytest.raises(PluginBroken, match="its entry point names no module"):
        load(["thing"])


def test_all_problems_are_found_in_one_go(install):
    """`plugins check` names every plugin that is in the way, and conflicts with earlier ones."""
    names = [
        install("one", described("one", PARSER.format(id="same"))),
        install("two", described("two", PARSER.format(id="same"))),
        install("three", "1 / 0"),
        install("four", described("four")),
    ]

    found = problems(names)

    assert {name: type(error) for name, error in found.items()} == {
        "one": type(None),
        "two": PluginBroken,
        "three": PluginBroken,
        "four": type(None),
    }
