"""Abilities that belong together: what could never work is refused at the start, not at night (O18)."""

import inspect
from collections.abc import Iterable

from faktura.hub.marked_hooks import place_of
from faktura.hub.registry import Offer, Registry
from faktura.kernel.errors import Misconfigured, PluginBroken
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import Adapter, EventReading, PaymentAdapter, Polling


def check_abilities(registry: Registry) -> None:
    """Raise PluginBroken where a provider's events come in and its adapter cannot read them."""
    for offer in registry.payments.values():
        source = registry.webhooks.get(offer.id)
        if issubclass(offer.adapter, EventReading):
            continue
        if source is not None:
            raise _unread(offer, f"{source.adapter.__name__} reads its deliveries", source)
        if issubclass(offer.adapter, Polling):
            raise _unread(offer, "it polls for events", offer)


def async_by_mistake(adapter: type[Adapter]) -> list[str]:
    """Methods that are awaited here and asked at once by the core: each answer would be a yes."""
    return sorted(
        name
        for base in adapter.__mro__
        if base.__module__.startswith("faktura.plugin.")
        for name, asked in vars(base).items()
        if inspect.isfunction(asked) and not _is_async(asked)
        if _is_async(getattr(adapter, name, None))
    )


def _is_async(function: object) -> bool:
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)


def check_methods(
    offer: Offer[PaymentAdapter],
    adapter: PaymentAdapter,
    instance: str,
    methods: Iterable[PaymentMethod],
) -> None:
    """Raise Misconfigured where an account is set up for what its adapter cannot do (any more)."""
    place = place_of(offer.plugin, "register_payment_adapters")
    try:
        able = adapter.capabilities().methods
    except Exception as error:
        raise PluginBroken(
            f"{offer.adapter.__name__}.capabilities() failed: {type(error).__name__}: {error}",
            place=place,
            mend="It says what the settings allow, and asks nobody",
        ) from error
    if lacking := sorted(method.value for method in frozenset(methods) - able):
        raise Misconfigured(
            f"the account {instance} is set up for {', '.join(lacking)},"
            f" which {offer.adapter.__name__} does not offer",
            place=place,
            mend=f"Offered: {', '.join(sorted(able)) or 'nothing'}."
            " Change the account's methods, or the settings that switch them on",
        )


def _unread(offer: Offer[PaymentAdapter], why: str, owner: Offer[Adapter]) -> PluginBroken:
    hook = "register_payment_adapters" if owner is offer else "register_webhook_sources"
    return PluginBroken(
        f"{why}, and {offer.adapter.__name__} cannot turn events into facts",
        place=place_of(owner.plugin, hook),
        mend=f"Derive {offer.adapter.__name__} from EventReading and write facts()",
    )
