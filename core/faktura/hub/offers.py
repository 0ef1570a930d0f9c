"""Asks each plugin each hook, alone, and accepts only classes that keep the contract."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from inspect import isabstract
from typing import TypeVar

import pluggy

from faktura.hub.abilities import async_by_mistake
from faktura.hub.marked_hooks import place_of
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


Named = Callable[[type[A], "Asked"], str]
"""Checks what else a class must say of itself, and gives its id."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One hook of one plugin."""

    plugin: str
    hook: str

    @property
    def place(self) -> str:
        """What an error says of where it is."""
        return place_of(self.plugin, self.hook)


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
    found: dict[str, Offer[A]] = {}
    for plugin in plugins:
        asked = Asked(plugin, hook)
        for adapter in _classes(manager, asked, family):
            offer = Offer(named(adapter, asked), plugin, adapter)
            _refuse_repeated(found.get(offer.id), offer, asked)
            found[offer.id] = offer
    return found


def _format_id(adapter: type[Adapter], asked: Asked) -> str:
    return _text(adapter, "format_id", asked)


def _described_format_id(adapter: type[DocumentFormat], asked: Asked) -> str:
    for name in ("media_type", "file_suffix"):
        _text(adapter, name, asked)
    return _format_id(adapter, asked)


def _reader_id(adapter: type[DocumentReader], asked: Asked) -> str:
    return _text(adapter, "reader_id", asked)


def _target(adapter: type[AccountingExporter | AccountingLink], asked: Asked) -> str:
    return _text(adapter, "target", asked)


def _provider(adapter: type[PaymentAdapter | WebhookSource], asked: Asked) -> str:
    return _text(adapter, "provider", asked)


def _action(adapter: type[ChargebackAction], asked: Asked) -> str:
    return _text(adapter, "action", asked)


def _feed(adapter: type[BankFeed], asked: Asked) -> str:
    return _text(adapter, "feed", asked)


def _checker(adapter: type[VatIdChecker], asked: Asked) -> str:
    return _text(adapter, "checker", asked)


def _listener_name(adapter: type[EventListener], asked: Asked) -> str:
    types = getattr(adapter, "listens_to", None)
    if not isinstance(types, frozenset) or not all(isinstance(name, str) for name in types):
        raise PluginBroken(
            f"{adapter.__name__}.listens_to is no frozenset of event types",
            place=asked.place,
            mend='Write listens_to = frozenset({"INVOICE_CREATED"}); an empty one means all',
        )
    return f"{asked.plugin}.{adapter.__name__}"


def _returned(manager: pluggy.PluginManager, asked: Asked) -> object | None:
    """What one plugin returns for a hook, asked alone; None if it does not implement it."""
    owner = manager.get_plugin(asked.plugin)
    others = [other for other in manager.get_plugins() if other is not owner]
    ask: Callable[[], list[object]] = manager.subset_hook_caller(asked.hook, remove_plugins=others)
    try:
        answers = ask()
    except (Exception, SystemExit) as error:
        raise PluginBroken(
            f"it failed: {type(error).__name__}: {error}",
            place=asked.place,
            mend="A hook imports its classes and returns them; look for what they need",
        ) from error
    return answers[0] if answers else None


def _classes(manager: pluggy.PluginManager, asked: Asked, family: type[A]) -> tuple[type[A], ...]:
    answer = _returned(manager, asked)
    if answer is None and not _implements(manager, asked):
        return ()
    if not isinstance(answer, list | tuple):
        raise PluginBroken(
            f"{asked.hook} does not return a sequence of classes",
            place=asked.place,
            mend=f"Return a tuple of subclasses of {family.__name__}",
        )
    return tuple(_checked(adapter, asked, family) for adapter in answer)


def _implements(manager: pluggy.PluginManager, asked: Asked) -> bool:
    caller: pluggy.HookCaller = getattr(manager.hook, asked.hook)
    return any(found.plugin_name == asked.plugin for found in caller.get_hookimpls())


def _checked(adapter: object, asked: Asked, family: type[A]) -> type[A]:
    if not isinstance(adapter, type) or not issubclass(adapter, family):
        raise PluginBroken(
            f"{asked.hook} returns {adapter!r}, which is no subclass of {family.__name__}",
            place=asked.place,
            mend=f"Return a tuple of subclasses of {family.__name__}",
        )
    if isabstract(adapter):
        missing = ", ".join(sorted(adapter.__abstractmethods__))
        raise PluginBroken(
            f"{adapter.__name__} does not implement {missing}",
            place=asked.place,
            mend="Write the methods as docs/hooks.md describes them",
        )
    if wrong := async_by_mistake(adapter):
        raise PluginBroken(
            f"{adapter.__name__} awaits in {', '.join(wrong)}, which the core does not await",
            place=asked.place,
            mend="Write `def` where docs/hooks.md has no `async def`",
        )
    settings: object = adapter.Settings
    if not isinstance(settings, type) or not issubclass(settings, AdapterSettings):
        raise PluginBroken(
            f"{adapter.__name__}.Settings is no subclass of AdapterSettings",
            place=asked.place,
            mend="Derive it from faktura.plugin.AdapterSettings",
        )
    return adapter


def _text(adapter: type[Adapter], name: str, asked: Asked) -> str:
    value = getattr(adapter, name, None)
    if not isinstance(value, str) or not value:
        raise PluginBroken(
            f"{adapter.__name__}.{name} is not set",
            place=asked.place,
            mend=f'Write {name} = "…" into the class',
        )
    return value


def _refuse_repeated(before: Offer[A] | None, offer: Offer[A], asked: Asked) -> None:
    if before is None:
        return
    if before.plugin == offer.plugin:
        names = f"{before.adapter.__name__} and {offer.adapter.__name__}"
        raise PluginBroken(
            f"“{offer.id}” is offered twice, by {names}",
            place=asked.place,
            mend="Give each class an id of its own",
        )
    raise PluginBroken(
        f"“{offer.id}” is offered by the plugin {before.plugin} already",
        place=asked.place,
        mend="Enable only one of them",
    )
