"""The hooks as a plugin author uses them: a module of functions, asked through pluggy."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import BinaryIO

import pluggy
import pytest
from typing_extensions import override

import faktura_example_csv
from faktura.kernel.errors import FileUnreadable
from faktura.kernel.vat_terms import VatCheckResult
from faktura.plugin import (
    AccountingExporter,
    BankFeed,
    ChargebackAction,
    ChargebackNotice,
    CheckedFile,
    DocumentFormat,
    DocumentReader,
    EventData,
    EventListener,
    ExportBatch,
    ExportFile,
    ExportSource,
    Family,
    Finding,
    InvoiceDocument,
    PluginManifest,
    ReadDocument,
    StatementParser,
    StatementRecord,
    VatIdAnswer,
    VatIdChecker,
    VatIdQuestion,
    hookimpl,
    hooks,
)
from faktura.testing.feed_double import DoubleFeed


def asked(plugin, hook):
    """What one plugin answers to a hook, asked as the hub asks: this plugin alone."""
    manager = pluggy.PluginManager("faktura")
    manager.add_hookspecs(hooks)
    manager.register(plugin)
    manager.check_pending()
    return getattr(manager.hook, hook)()


class Parser(StatementParser):
    """Reads nothing."""

    format_id = "nothing"

    @override
    def recognises(self, head: bytes, filename: str) -> bool:
        return False

    @override
    def parse(self, source: BinaryIO, filename: str) -> Iterator[StatementRecord]:
        yield from ()


class Format(DocumentFormat):
    """Renders the number."""

    format_id = "number"
    media_type = "text/plain"
    file_suffix = ".txt"
    rule_set = "1"

    @override
    def check(self, document: InvoiceDocument) -> tuple[Finding, ...]:
        return ()

    @override
    def render(self, document: InvoiceDocument) -> bytes:
        return document.number.encode()


class Reader(DocumentReader):
    """Reads nothing."""

    reader_id = "nothing"

    @override
    def recognises(self, content: bytes) -> bool:
        return False

    @override
    def read(self, content: bytes) -> ReadDocument:
        raise FileUnreadable("nothing is read")

    @override
    def check(self, content: bytes) -> CheckedFile:
        raise FileUnreadable("nothing is checked")


class Exporter(AccountingExporter):
    """Exports nothing."""

    target = "nothing"

    @override
    def export(self, batch: ExportBatch, source: ExportSource) -> Iterator[ExportFile]:
        yield from ()


class Checker(VatIdChecker):
    """Knows no VAT id."""

    checker = "nobody"

    @override
    async def check(self, question: VatIdQuestion) -> VatIdAnswer:
        return VatIdAnswer(result=VatCheckResult.UNAVAILABLE)


class Listener(EventListener):
    """Hears nothing."""

    listens_to = frozenset({"INVOICE_CREATED"})

    @override
    async def handle(self, event: EventData) -> None:
        return


def test_hook_describe_plugin_says_name_version_and_contract():
    """Every plugin implements it; the name is that of the entry point and of the settings."""
    [manifest] = asked(faktura_example_csv, "describe_plugin")

    assert manifest == PluginManifest(
        name="example-csv", version="0.1.0", api_version=1, families=(Family.BANKING,)
    )


def test_hook_register_statement_parsers_returns_parser_classes():
    """The classes come back as registered, one list a plugin."""

    @hookimpl
    def register_statement_parsers() -> list[type[StatementParser]]:
        return [Parser]

    plugin = SimpleNamespace(register_statement_parsers=register_statement_parsers)

    assert asked(plugin, "register_statement_parsers") == [[Parser]]


def test_hook_register_document_formats_returns_format_classes():
    """The classes come back as registered, one list a plugin."""

    @hookimpl
    def register_document_formats() -> list[type[DocumentFormat]]:
        return [Format]

    plugin = SimpleNamespace(register_document_formats=register_document_formats)

    assert asked(plugin, "register_document_formats") == [[Format]]


def test_hook_register_document_readers_returns_reader_classes():
    """The classes come back as registered, one list a plugin."""

    @hookimpl
    def register_document_readers() -> list[type[DocumentReader]]:
        return [Reader]

    plugin = SimpleNamespace(register_document_readers=register_document_readers)

    assert asked(plugin, "register_document_readers") == [[Reader]]


def test_hook_register_accounting_exporters_returns_exporter_classes():
    """The classes come back as registered, one list a plugin."""

    @hookimpl
    def register_accounting_exporters() -> list[type[AccountingExporter]]:
        return [Exporter]

    plugin = SimpleNamespace(register_accounting_exporters=register_accounting_exporters)

    assert asked(plugin, "register_accounting_exporters") == [[Exporter]]


def test_hook_register_event_listeners_returns_listener_classes():
    """The classes come back as registered, one list a plugin."""

    @hookimpl
    def register_event_listeners() -> list[type[EventListener]]:
        return [Listener]

    plugin = SimpleNamespace(register_event_listeners=register_event_listeners)

    assert asked(plugin, "register_event_listeners") == [[Listener]]


class Action(ChargebackAction):
    """Says that it did nothing."""

    action = "nothing"

    @override
    async def act(self, notice: ChargebackNotice) -> str:
        return "nothing was done"


def test_hook_register_chargeback_actions_returns_action_classes():
    """The classes come back as registered, one list a plugin."""

    @hookimpl
    def register_chargeback_actions() -> list[type[ChargebackAction]]:
        return [Action]

    plugin = SimpleNamespace(register_chargeback_actions=register_chargeback_actions)

    assert asked(plugin, "register_chargeback_actions") == [[Action]]


def test_hook_register_bank_feeds_returns_feed_classes():
    """The classes come back as registered, one list a plugin."""

    @hookimpl
    def register_bank_feeds() -> list[type[BankFeed]]:
        return [DoubleFeed]

    plugin = SimpleNamespace(register_bank_feeds=register_bank_feeds)

    assert asked(plugin, "register_bank_feeds") == [[DoubleFeed]]


def test_hook_register_vat_checkers_returns_checker_classes():
    """The classes come back as registered, one list a plugin."""

    @hookimpl
    def register_vat_checkers() -> list[type[VatIdChecker]]:
        return [Checker]

    plugin = SimpleNamespace(register_vat_checkers=register_vat_checkers)

    assert asked(plugin, "register_vat_checkers") == [[Checker]]


def test_a_misspelt_hook_is_an_error():
    """pluggy lets it pass at registration; check_pending does not."""

    @hookimpl
    def register_statement_parser() -> list[type[StatementParser]]:
        return [Parser]

    with pytest.raises(pluggy.PluginValidationError, match="register_statement_parser"):
        asked(
            SimpleNamespace(register_statement_parser=register_statement_parser), "describe_plugin"
        )


def test_a_hook_with_a_parameter_is_an_error():
    """Hooks take nothing, so that they can decide nothing."""

    @hookimpl
    def register_statement_parsers(tenant: str) -> list[type[StatementParser]]:
        return [Parser]

    with pytest.raises(pluggy.PluginValidationError, match="tenant"):
        asked(
            SimpleNamespace(register_statement_parsers=register_statement_parsers),
            "register_statement_parsers",
        )


@pytest.mark.parametrize(
    "specification",
    [value for value in vars(hooks).values() if hasattr(value, "faktura_spec")],
    ids=lambda specification: specification.__name__,
)
def test_a_specification_is_never_called(specification):
    """Specifications describe; pluggy calls the implementations only."""
    with pytest.raises(AssertionError):
        specification()


def test_an_adapter_that_lacks_a_method_cannot_be_built():
    """A missing method stops the start instead of failing at the first statement."""

    class Half(StatementParser):
        """Recognises files and cannot read them."""

        format_id = "half"

        @override
        def recognises(self, head: bytes, filename: str) -> bool:
            return True

    with pytest.raises(TypeError, match="parse"):
        Half(Half.Settings(), None)  # type: ignore[abstract, arg-type]  # this is what must fail
