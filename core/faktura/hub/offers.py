"""Asks each plugin each hook, alone, and accepts only classes that keep the contract."""

from collections.abc import Callable, Iterable
from inspect import isabstract
from typing import TypeVar

import pluggy

from faktura.hub.registry import Offer
from faktura.kernel.errors import PluginBroken
from faktura.plugin import (
    AccountingExporter,
    AccountingLink,
    Adapter,
    AdapterSettings,
    BankFeed,
    ChargebackAction,
    DocumentFormat,
    DocumentReader,
    EventListener,
    PaymentAdapter,
    StatementParser,
    VatIdChecker,
    WebhookSource,
)

A = TypeVar("A", bound=Adapter)


Named = Callable[[type[A], str], str]


def parsers(
    manager: pluggy.PluginManager, plugins: Iterable[str]
) -> dict[str, Offer[StatementParser]]:
    """The statement parsers by format id."""
    family: type[StatementParser] = StatementParser  # type: ignore[type-abstract] # only compared with
    return _offers(manager, plugins, "register_statement_parsers", family, _format_id)


def formats(
    manager: pluggy.PluginManager, plugins: Iterable[str]
) -> dict[str, Offer[DocumentFormat]]:
    """The document formats by format id."""
    family: type[DocumentFormat] = DocumentFormat  # type: ignore[type-abstract] # only compared with
    return _offers(manager, plugins, "register_document_formats", family, _described_format_id)


def readers(
    manager: pluggy.PluginManager, plugins: Iterable[str]
) -> dict[str, Offer[DocumentReader]]:
    """The readers of e-invoices by reader id."""
    family: type[DocumentReader] = DocumentReader  # type: ignore[type-abstract] # only compared with
    return _offers(manager, plugins, "register_document_readers", family, _reader_id)


def exporters(
    manager: pluggy.PluginManager, plugins: Iterable[str]
) -> dict[str, Offer[AccountingExporter]]:
    """The accounting exporters by target."""
    family: type[AccountingExporter] = AccountingExporter  # type: ignore[type-abstract] # only compared with
    return _offers(manager, plugins, "register_accounting_exporters", family, _target)


def links(
    manager: pluggy.PluginManager, plugins: Iterable[str]
) -> dict[str, Offer[AccountingLink]]:
    """The links to accounting systems by target."""
    family: type[AccountingLink] = AccountingLink  # type: ignore[type-abstract] # only compared with
    return _offers(manager, plugins, "register_accounting_links", family, _target)


def listeners(
    manager: pluggy.PluginManager, plugins: Iterable[str]
) -> dict[str, Offer[EventListener]]:
    """The event listeners by `<plugin>.<class>`: deliveries remember this name."""
    family: type[EventListener] = EventListener  # type: ignore[type-abstract] # only compared with
    return _offers(manager, plugins, "register_event_listeners", family, _listener_name)


def payments(
    manager: pluggy.PluginManager, plugins: Iterable[str]
) -> dict[str, Offer[PaymentAdapter]]:
    """The payment adapters by provider."""
    family: type[PaymentAdapter] = PaymentAdapter  # type: ignore[type-abstract] # only compared with
    return _offers(manager, plugins, "register_payment_adapters", family, _provider)


def webhooks(
    manager: pluggy.PluginManager, plugins: Iterable[str]
) -> dict[str, Offer[WebhookSource]]:
    """The webhook sources by provider."""
    family: type[WebhookSource] = WebhookSource  # type: ignore[type-abstract] # only compared with
    return _offers(manager, plugins, "register_webhook_sources", family, _provider)


def actions(
    manager: pluggy.PluginManager, plugins: Iterable[str]
) -> dict[str, Offer[ChargebackAction]]:
    """The chargeback actions by their name."""
    family: type[ChargebackAction] = ChargebackAction  # type: ignore[type-abstract] # only compared with
    return _offers(manager, plugins, "register_chargeback_actions", family, _action)


def feeds(manager: pluggy.PluginManager, plugins: Iterable[str]) -> dict[str, Offer[BankFeed]]:
    """The bank feeds by their name."""
    family: type[BankFeed] = BankFeed  # type: ignore[type-abstract] # only compared with
    return _offers(manager, plugins, "register_bank_feeds", family, _feed)


def checkers(
    manager: pluggy.PluginManager, plugins: Iterable[str]
) -> dict[str, Offer[VatIdChecker]]:
    """The checkers of VAT ids by their name."""
    family: type[VatIdChecker] = VatIdChecker  # type: ignore[type-abstract] # only compared with
    return _offers(manager, plugins, "register_vat_checkers", family, _checker)


def _offers(
    manager: pluggy.PluginManager,
    plugins: Iterable[str],
    hook: str,
    family: type[A],
    named: Named[A],
) -> dict[str, Offer[A]]:
    """What all plugins return for a family's hook; `named` checks a class and gives its id."""
    return _unique(
        Offer(named(adapter, plugin), plugin, adapter)
        for plugin in plugins
        for adapter in _classes(manager, plugin, hook, family)
    )


def _format_id(adapter: type[Adapter], plugin: str) -> str:
    return _text(adapter, "format_id", plugin)


def _described_format_id(adapter: type[DocumentFormat], plugin: str) -> str:
    for name in ("media_type", "file_suffix"):
        _text(adapter, name, plugin)
    return _format_id(adapter, plugin)


def _reader_id(adapter: type[DocumentReader], plugin: str) -> str:
    return _text(adapter, "reader_id", plugin)


def _target(adapter: type[AccountingExporter | AccountingLink], plugin: str) -> str:
    return _text(adapter, "target", plugin)


def _provider(adapter: type[PaymentAdapter | WebhookSource], plugin: str) -> str:
    return _text(adapter, "provider", plugin)


def _action(adapter: type[ChargebackAction], plugin: str) -> str:
    return _text(adapter, "action", plugin)


def _feed(adapter: type[BankFeed], plugin: str) -> str:
    return _text(adapter, "feed", plugin)


def _checker(adapter: type[VatIdChecker], plugin: str) -> str:
    return _text(adapter, "checker", plugin)


def _listener_name(adapter: type[EventListener], plugin: str) -> str:
    _check_event_types(adapter, plugin)
    return f"{plugin}.{adapter.__name__}"


def returned_by(manager: pluggy.PluginManager, plugin: str, hook: str) -> object | None:
    """What one plugin returns for a hook, asked alone; None if it does not implement it."""
    owner = manager.get_plugin(plugin)
    others = [other for other in manager.get_plugins() if other is not owner]
    ask: Callable[[], list[object]] = manager.subset_hook_caller(hook, remove_plugins=others)
    try:
        answers = ask()
    except Exception as error:
        raise PluginBroken(
            f"{hook} failed: {type(error).__name__}: {error}", place=f"plugin {plugin}"
        ) from error
    return answers[0] if answers else None


def _classes(
    manager: pluggy.PluginManager, plugin: str, hook: str, family: type[A]
) -> tuple[type[A], ...]:
    answer = returned_by(manager, plugin, hook)
    if answer is None and not _implements(manager, plugin, hook):
        return ()
    if not isinstance(answer, list | tuple):
        raise PluginBroken(
            f"{hook} does not return a sequence of classes",
            place=f"plugin {plugin}",
            mend=f"Return a tuple of subclasses of {family.__name__}",
        )
    return tuple(_checked(adapter, plugin, hook, family) for adapter in answer)


def _implements(manager: pluggy.PluginManager, plugin: str, hook: str) -> bool:
    caller: pluggy.HookCaller = getattr(manager.hook, hook)
    return any(found.plugin_name == plugin for found in caller.get_hookimpls())


def _checked(adapter: object, plugin: str, hook: str, family: type[A]) -> type[A]:
    if not isinstance(adapter, type) or not issubclass(adapter, family):
        raise PluginBroken(
            f"{hook} returns {adapter!r}, which is no subclass of {family.__name__}",
            place=f"plugin {plugin}",
        )
    if isabstract(adapter):
        missing = ", ".join(sorted(adapter.__abstractmethods__))
        raise PluginBroken(
            f"{adapter.__name__} does not implement {missing}", place=f"plugin {plugin}"
        )
    settings: object = adapter.Settings
    if not isinstance(settings, type) or not issubclass(settings, AdapterSettings):
        raise PluginBroken(
            f"{adapter.__name__}.Settings is no subclass of AdapterSettings",
            place=f"plugin {plugin}",
        )
    return adapter


def _text(adapter: type[Adapter], name: str, plugin: str) -> str:
    value = getattr(adapter, name, None)
    if not isinstance(value, str) or not value:
        raise PluginBroken(f"{adapter.__name__}.{name} is not set", place=f"plugin {plugin}")
    return value


def _check_event_types(adapter: type[EventListener], plugin: str) -> None:
    types = getattr(adapter, "listens_to", None)
    if not isinstance(types, frozenset) or not all(isinstance(name, str) for name in types):
        raise PluginBroken(
            f"{adapter.__name__}.listens_to is no frozenset of event types",
            place=f"plugin {plugin}",
        )


def _unique(offers: Iterable[Offer[A]]) -> dict[str, Offer[A]]:
    found: dict[str, Offer[A]] = {}
    for offer in offers:
        if offer.id in found:
            raise PluginBroken(
                f"“{offer.id}” is offered by the plugin {found[offer.id].plugin} already",
                place=f"plugin {offer.plugin}",
                mend="Enable only one of them",
            )
        found[offer.id] = offer
    return found
