"""Whether an account can be used: key, endpoint, clock, kinds of payment."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from faktura.kernel.clock import Clock
from faktura.kernel.outside_errors import AccountBroken, OutcomeUnknown, OutsideUnavailable
from faktura_stripe.answers import StripeRefused
from faktura_stripe.events import WANTED
from faktura_stripe.means import TYPES
from faktura_stripe.reading import Json, text
from faktura_stripe.settings import StripeSettings

if TYPE_CHECKING:
    from faktura_stripe.gateway import Gateway

_SKEW = timedelta(seconds=60)


async def problems_of(
    gateway: "Gateway", settings: StripeSettings, clock: Clock, webhook_url: str
) -> list[str]:
    """What is wrong, each with what to do; empty when all is well. Raises OutsideUnavailable."""
    try:
        await gateway.try_key()
    except AccountBroken as broken:
        return [f"Stripe does not take the key: {broken.problem}. {broken.mend}."]
    except OutcomeUnknown as lost:
        raise OutsideUnavailable(lost.problem, place=lost.place) from lost
    return [
        *_clock_problems(gateway, clock),
        *await _endpoint_problems(gateway, settings, webhook_url),
        *await _method_problems(gateway, settings),
    ]


def _clock_problems(gateway: "Gateway", clock: Clock) -> Iterator[str]:
    told = gateway.stripe_time
    if told is not None and abs(told - clock.now()) > _SKEW:
        seconds = int(abs(told - clock.now()).total_seconds())
        yield (
            f"this machine's clock differs from Stripe's by {seconds} seconds: set it, or"
            " deliveries will be refused as too old."
        )


async def _endpoint_problems(
    gateway: "Gateway", settings: StripeSettings, webhook_url: str
) -> list[str]:
    if not webhook_url:
        return ["faktura has no address that Stripe can deliver to: set FAKTURA_PUBLIC_URL."]
    try:
        endpoints = await gateway.webhook_endpoints()
    except (AccountBroken, StripeRefused, OutcomeUnknown) as error:
        return [f"the endpoints cannot be looked at: {error.problem}. Permit the key to read them."]
    found = [one for one in endpoints if text(one, "url").rstrip("/") == webhook_url.rstrip("/")]
    if not found:
        return [f"Stripe delivers nothing to {webhook_url}: add it as an endpoint at Stripe."]
    problems = list(_of_endpoint(found[0], settings))
    if len(found) > 1:
        problems.append("Stripe delivers everything twice: two endpoints have this address.")
    if not settings.webhook_secrets:
        problems.append("no signing secret is set: put the endpoint's in `webhook_secrets`.")
    return problems


def _of_endpoint(endpoint: Json, settings: StripeSettings) -> Iterator[str]:
    if text(endpoint, "status") != "enabled":
        yield "the endpoint is switched off at Stripe: switch it on again there."
    enabled = endpoint.get("enabled_events")
    events = set(enabled) if isinstance(enabled, list) else set()
    if missing := sorted(set(WANTED) - events) if "*" not in events else []:
        yield f"the endpoint is not sent {', '.join(missing)}: add these events at Stripe."
    version = text(endpoint, "api_version")
    if version and version != settings.api_version:
        yield (
            f"the endpoint has API version {version}, this plugin {settings.api_version}: events"
            " are understood all the same, a new endpoint would have ours."
        )


async def _method_problems(gateway: "Gateway", settings: StripeSettings) -> list[str]:
    try:
        found = await gateway.method_configurations()
    except (AccountBroken, StripeRefused, OutcomeUnknown):
        # The key need not be allowed to see them: the first payment will tell.
        return []
    usable = [one for one in found if one.get("is_default") is True] or list(found)
    if not usable:
        return []
    return [
        f"{name} is not switched on at Stripe: activate it there, or take it out of `methods`."
        for name in sorted(TYPES[method] for method in settings.methods if method in TYPES)
        if text(usable[0], name, "display_preference", "value") == "off"
    ]
