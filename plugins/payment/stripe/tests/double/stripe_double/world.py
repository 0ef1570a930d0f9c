"""Everything of one double: the account's settings, what it keeps, and how a test steers it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from stripe._api_version import _ApiVersion

from faktura.kernel.clock import Clock
from stripe_double.audit import Audit, audit_of
from stripe_double.behaviours import BEHAVIOURS
from stripe_double.faults import Fault, Switch
from stripe_double.problems import Json
from stripe_double.store import Store

VERSION = _ApiVersion.CURRENT
SECRET = "whsec_of_the_double"  # noqa: S105 - of nobody
_SEPA = {"bank_code": "37040044", "country": "DE", "last4": "3000"}


@dataclass
class World:
    """One account; a test changes it as it likes. `file` keeps it when processes are killed."""

    clock: Clock
    file: Path | None = None
    api_key: str = "rk_test_of_the_double"
    secrets: list[str] = field(default_factory=lambda: [SECRET])
    """Active signing secrets: two of them while one is rolled."""
    activated: set[str] = field(default_factory=lambda: {"card", "sepa_debit", "paypal"})
    forbidden: set[str] = field(default_factory=set)
    """Starts of paths that the key may not call."""
    switches: list[Switch] = field(default_factory=list)
    requests: list[tuple[str, str, int]] = field(default_factory=list)
    """Method, path and status of every request."""
    delay: float = 0
    """How many seconds every answer takes: then it shows how many are asked at once."""
    at_once: int = 0
    most_at_once: int = 0
    base: str = ""

    def __post_init__(self) -> None:
        self.store = Store(self.file)

    @property
    def now(self) -> int:
        """The moment in seconds."""
        return int(self.clock.now().timestamp())

    def turn_on(
        self,
        fault: Fault,
        method: str = "POST",
        path: str = "/v1/payment_intents",
        *,
        times: int = 1,
        skip: int = 0,
    ) -> Switch:
        """Have the next request that fits go wrong."""
        switch = Switch(fault, method, path, times, skip)
        self.switches.append(switch)
        return switch

    def take_switch(self, method: str, path: str) -> Switch | None:
        """The fault of this request, used up by it."""
        return next((one for one in self.switches if one.fits(method, path)), None)

    def audit(self) -> Audit:
        """What was charged, by invoice."""
        return audit_of(self.store)

    def add_customer(self) -> str:
        """A customer; gives its id."""
        return str(self.store.make("customer", "cus", created=self.now, metadata={})["id"])

    def add_means(self, behaviour: str = "pm_card_visa", customer: str | None = None) -> str:
        """A saved means of a customer (a new one where none is named); gives its id."""
        return str(self.make_means(behaviour, customer or self.add_customer())["id"])

    def make_means(self, behaviour: str, customer: str | None) -> Json:
        """A means of payment, with its mandate where its kind has one."""
        kind = BEHAVIOURS[behaviour].type
        details: dict[str, Json] = {
            "card": {
                "brand": "visa",
                "display_brand": "visa",
                "last4": "4242",
                "exp_month": 8,
                "exp_year": 2029,
                "fingerprint": f"fp_{behaviour}",
            },
            "sepa_debit": _SEPA | {"fingerprint": f"fp_{behaviour}"},
            "paypal": {"payer_id": "PAYER"},
        }
        means = self.store.make(
            "payment_method",
            "pm",
            created=self.now,
            type=kind,
            customer=customer,
            metadata={},
            behaviour=behaviour,
            detached=False,
            mandate=None,
        )
        self.store.change(means, **{kind: details[kind]})
        if kind != "card":
            self.store.change(means, mandate=self._make_mandate(means)["id"])
        return means

    def _make_mandate(self, means: Json) -> Json:
        number = f"MND{means['id'][-4:]}"
        texts = {"reference": number, "url": f"https://stripe.example/mandate/{number}"}
        return self.store.make(
            "mandate",
            "mandate",
            payment_method=means["id"],
            status="active",
            type="multi_use",
            payment_method_details={"type": means["type"], means["type"]: texts},
        )

    def behave(self, means: str, behaviour: str) -> None:
        """Have a saved means behave otherwise from now on."""
        self.store.change(self.store.any(means) or {}, behaviour=behaviour)

    def add_endpoint(self, url: str, events: Iterable[str] = ("*",), **changed: object) -> str:
        """An endpoint for deliveries; gives its id."""
        fields: Json = {
            "url": url,
            "enabled_events": list(events),
            "status": "enabled",
            "api_version": VERSION,
        }
        return str(self.store.make("webhook_endpoint", "we", **(fields | changed))["id"])

    def add_configuration(self, **off_or_on: str) -> None:
        """The default configuration of kinds of payment, e.g. `card="on", paypal="off"`."""
        kinds = {name: {"display_preference": {"value": one}} for name, one in off_or_on.items()}
        self.store.make("payment_method_configuration", "pmc", is_default=True, **kinds)

    def publish(self, kind: str, thing: Json) -> Json:
        """Write an event with a copy of its object."""
        copy = shown(thing)
        return self.store.make(
            "event",
            "evt",
            type=kind,
            created=self.now,
            api_version=VERSION,
            livemode=False,
            pending_webhooks=1,
            request={"id": None, "idempotency_key": None},
            data={"object": copy},
        )


_INNER = frozenset({"behaviour", "detached", "mandate_of", "intent_data", "allowed"})


def shown(thing: Json) -> Json:
    """An object without what only the double knows; a copy, all the way down."""
    return {name: _copied(one) for name, one in thing.items() if name not in _INNER}


def _copied(value: object) -> object:
    if isinstance(value, dict):
        return {name: _copied(one) for name, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value
