"""The double's state and its switches: what exists, what goes wrong next, what was sent out."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum, unique
from itertools import count
from pathlib import Path
from typing import Any

from braintree_double.ledger import Ledger
from braintree_double.records import Charge, Customer, Dispute, Key, Means, Nonce
from faktura.kernel.clock import FixedClock


@unique
class Fault(StrEnum):
    """What goes wrong with one request; those named AFTER did what was asked."""

    CUT = "CUT"
    BUSY = "BUSY"
    FORBIDDEN = "FORBIDDEN"
    BROKEN = "BROKEN"
    DOWN = "DOWN"
    SLOW = "SLOW"
    LOST_AFTER = "LOST_AFTER"
    BROKEN_AFTER = "BROKEN_AFTER"
    DOWN_AFTER = "DOWN_AFTER"
    TIMED_OUT_AFTER = "TIMED_OUT_AFTER"
    GARBAGE_AFTER = "GARBAGE_AFTER"
    SLOW_AFTER = "SLOW_AFTER"


_SHELVES = {
    "charge": "charges",
    "means": "means",
    "nonce": "nonces",
    "customer": "customers",
    "key": "keys",
    "dispute": "disputes",
}


@dataclass
class Switch:
    """A fault for the next `times` requests whose path matches; `path` is a regular expression."""

    fault: Fault
    path: str = ""
    method: str = ""
    times: int = 1


@dataclass(frozen=True)
class Verdict:
    """What the processor says to the next sale or verification."""

    code: str
    text: str = "Declined"
    hard: bool = False
    status: str = "processor_declined"
    rejection: str = ""


FaultPlan = Callable[[str, str], Fault | None]
"""Method and path of a request give its fault: for random schedules."""


@dataclass
class World:
    """All that the double knows. `path` names a file in which it survives; None keeps it in memory."""

    clock: FixedClock
    path: Path | None = None
    merchant_id: str = "werk"
    public_key: str = "pub_key_1"
    private_key: str = "private_key_1"
    accounts: dict[str, str] = field(
        default_factory=lambda: {"werk_eur": "EUR", "werk_usd": "USD", "werk_jpy": "JPY"}
    )
    suspended: set[str] = field(default_factory=set)
    custom_fields: frozenset[str] = frozenset({"faktura_tenant", "faktura_invoice"})
    has_request_keys: bool = True
    duplicate_window: timedelta = timedelta(seconds=30)
    search_lag: timedelta = timedelta(0)
    largest: Decimal = Decimal("99999.99")
    settles_refunds: bool = True
    before_void: Callable[[], None] | None = None
    before_refund: Callable[[], None] | None = None
    hold_keys: bool = False
    race_customers: bool = False
    slow_seconds: float = 0.05
    page_size: int = 50
    switches: list[Switch] = field(default_factory=list)
    plan: FaultPlan | None = None
    verdicts: list[Verdict] = field(default_factory=list)
    requests: list[tuple[str, str, int]] = field(default_factory=list)
    outbox: list[tuple[str, str]] = field(default_factory=list)
    running_now: int = 0
    most_running: int = 0

    def __post_init__(self) -> None:
        self._ledger = None if self.path is None else Ledger(self.path)
        self._ids = count(1)
        self.sale_made = asyncio.Event()
        self.charges: dict[str, Charge] = {}
        self.means: dict[str, Means] = {}
        self.nonces: dict[str, Nonce] = {}
        self.customers: dict[str, Customer] = {}
        self.keys: dict[str, Key] = {}
        self.disputes: dict[str, Dispute] = {}
        if self._ledger is not None:
            self._load(self._ledger)

    def _load(self, ledger: Ledger) -> None:
        self.charges = {one.id: one for one in ledger.records("charge", Charge)}
        self.means = {one.id: one for one in ledger.records("means", Means)}
        self.nonces = {one.id: one for one in ledger.records("nonce", Nonce)}
        self.customers = {one.id: one for one in ledger.records("customer", Customer)}
        self.keys = {one.id: one for one in ledger.records("key", Key)}
        self.disputes = {one.id: one for one in ledger.records("dispute", Dispute)}
        self._ids = count(1 + len(self.charges) + len(self.means) + len(self.disputes))

    def now(self) -> datetime:
        """The double's time."""
        return self.clock.now()

    def new_id(self, letter: str) -> str:
        """An id that was never given before."""
        return f"{letter}{next(self._ids):07d}"

    def keep(self, record: Charge | Means | Nonce | Customer | Key | Dispute) -> None:
        """Keep a new or changed record."""
        kind, key = type(record).__name__.lower(), record.id
        shelf: dict[str, Any] = getattr(self, _SHELVES[kind])
        shelf[key] = record
        if self._ledger is not None:
            self._ledger.put(kind, key, record)

    def forget_means(self, token: str) -> None:
        """Delete a means from the vault."""
        del self.means[token]
        if self._ledger is not None:
            self._ledger.drop("means", token)

    def have_card(self, token: str, customer: str = "cust_1", **changed: object) -> Means:
        """A card in the vault, as if a customer had saved it."""
        means = Means.model_validate({"token": token, "customer": customer} | changed)
        self.keep(Customer(id=customer))
        self.keep(means)
        return means

    def have_paypal(self, token: str, customer: str = "cust_1", **changed: object) -> Means:
        """A PayPal agreement in the vault."""
        right = {"kind": "paypal", "email": "ada@example.com", "number": "", "brand": ""}
        return self.have_card(token, customer, **(right | changed))

    def have_nonce(self, nonce: str, **changed: object) -> Nonce:
        """What Braintree's fields in the browser would give."""
        made = Nonce.model_validate({"id": nonce, "made_at": self.now()} | changed)
        self.keep(made)
        return made

    def fail_next(self, fault: Fault, path: str = "", method: str = "", times: int = 1) -> None:
        """A fault for the next requests to that path."""
        self.switches.append(Switch(fault, path, method, times))

    def fault_of(self, method: str, path: str) -> Fault | None:
        """The fault of this request, and one less of it to come."""
        for switch in self.switches:
            if switch.method in ("", method) and re.search(switch.path, path):
                switch.times -= 1
                if switch.times <= 0:
                    self.switches.remove(switch)
                return switch.fault
        return None if self.plan is None else self.plan(method, path)

    def decline_next(self, *codes: str, hard: bool = False) -> None:
        """The processor declines the next sales with these codes."""
        self.verdicts += [Verdict(code, f"Declined {code}", hard) for code in codes]

    def reject_next(self, reason: str) -> None:
        """The gateway itself rejects the next sale."""
        self.verdicts.append(Verdict("", "", status="gateway_rejected", rejection=reason))

    def sold(self, order_id: str = "") -> Sequence[Charge]:
        """All sales, or those of one order."""
        return [
            one
            for one in self.charges.values()
            if one.type == "sale" and order_id in ("", one.order_id)
        ]
