"""The SDK in worker threads: it writes and reads Braintree's XML, the core opens the connections.

The SDK waits for answers, so each call runs in a thread of a small pool; what it wants to send goes
back to the event loop and out by the core's way (docs/decisions/0019).
"""

import asyncio
import warnings
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from datetime import timedelta
from functools import cache
from threading import Lock, local
from types import ModuleType
from typing import Any, TypeVar

from faktura.kernel.errors import FakturaError, NotFound
from faktura.kernel.outside_errors import AccountBroken, OutcomeUnknown, OutsideUnavailable
from faktura.plugin import Http, HttpAnswer, HttpRequest
from faktura_braintree.settings import BraintreeSettings

T = TypeVar("T")

Gateway = Any
"""The SDK's gateway, which has no types: what it hands out becomes values of charge.py at once."""

# Less than the core waits for a whole question, so that it hears why.
_LIMIT = timedelta(seconds=45)
# What the loop may need beyond the limit; only a loop that died keeps a thread longer.
_GRACE = timedelta(seconds=15)
_PLACE = "Braintree"
_DEFAULT_PAUSE = 60


@cache
def library() -> ModuleType:
    """The SDK; imported late, because the core lists plugins at each start."""
    with warnings.catch_warnings():
        # The SDK warns of its own deprecated names while it is imported.
        warnings.simplefilter("ignore", DeprecationWarning)
        import braintree
    return braintree  # type: ignore[no-any-return]  # the SDK has no types


def gateway_of(settings: BraintreeSettings, strategy: "LoopHttp | None" = None) -> Gateway:
    """The SDK's gateway for this account; without a strategy it may read webhooks only."""
    braintree = library()
    # The port "443" makes the SDK write https; the strategy puts the real address in its place.
    environment = braintree.Environment(
        "own", "braintree", "443", "", is_ssl=True, ssl_certificate=None
    )
    configuration = braintree.Configuration(
        environment,
        settings.merchant_id,
        settings.public_key,
        settings.private_key.get_secret_value(),
        http_strategy=(lambda config, _environment: strategy.of(config.base_url()))
        if strategy is not None
        else None,
        wrap_http_exceptions=True,
    )
    return braintree.BraintreeGateway(configuration)


class Call:
    """One use of the SDK in a thread: its requests run in the loop that asked for it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, http: Http) -> None:
        self._loop = loop
        self._http = http
        self._lock = Lock()
        self._given_up = False
        self._running: Future[HttpAnswer] | None = None

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send in the loop and wait here; raises OutcomeUnknown once nobody waits any more."""
        with self._lock:
            if self._given_up:
                raise OutcomeUnknown("nobody waits for the answer any more", place=_PLACE)
            self._running = asyncio.run_coroutine_threadsafe(
                self._http.request(request), self._loop
            )
        try:
            return self._running.result((_LIMIT + _GRACE).total_seconds())
        except (CancelledError, TimeoutError) as error:
            raise OutcomeUnknown("the answer was not waited for", place=_PLACE) from error

    def give_up(self) -> None:
        """Free the thread: what was sent may have been done all the same."""
        with self._lock:
            self._given_up = True
            if self._running is not None:
                self._running.cancel()


class LoopHttp:
    """What the SDK sends with: each request goes out by the call that its thread works for."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._here = local()
        self._replaced = ""

    def of(self, replaced: str) -> "LoopHttp":
        """This, for a configuration that believes to be at the address `replaced`."""
        self._replaced = replaced
        return self

    def work(self, call: Call, ask: Callable[[], T]) -> T:
        """Run `ask` in this thread for that call."""
        self._here.call = call
        try:
            return ask()
        finally:
            del self._here.call

    def http_do(
        self, verb: str, path: str, headers: Mapping[str, str | bytes], body: str
    ) -> list[object]:
        """Status and text of the answer, as the SDK's own transport gives them."""
        call: Call = self._here.call
        answer = call.send(
            HttpRequest(
                method=verb,
                url=self._address + path.removeprefix(self._replaced),
                headers={name: _header(value) for name, value in headers.items() if _ours(name)},
                body=body.encode() if body else None,
                limit=_LIMIT,
                most=16 * 1024 * 1024,
            )
        )
        if answer.status == 429:
            raise OutsideUnavailable(
                "Braintree asks for fewer requests", place=_PLACE, retry_after=_pause(answer)
            )
        return [answer.status, answer.body.decode()]

    def handle_exception(self, error: Exception) -> None:
        """Let our own errors through as they are."""
        raise error

    def close(self) -> None:
        """Nothing is held."""


def _header(value: str | bytes) -> str:
    return value.decode("ascii") if isinstance(value, bytes) else value


def _ours(name: str) -> bool:
    # The core reads answers as they come: packed ones would reach the SDK packed.
    return name.lower() != "accept-encoding"


def _pause(answer: HttpAnswer) -> int:
    text = answer.headers.get("retry-after", "").strip()
    return min(int(text), 86_400) if text.isascii() and text.isdigit() else _DEFAULT_PAUSE


class Sdk:
    """Asks Braintree; one for an adapter, built when the first question comes."""

    def __init__(self, settings: BraintreeSettings, http: Http) -> None:
        self._http = http
        self._strategy = LoopHttp(settings.address)
        self._settings = settings
        self._gateway: Gateway = None
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(settings.threads, thread_name_prefix="braintree")

    async def ask(self, ask: Callable[[Gateway], T]) -> T:
        """What `ask` finds out with the gateway.

        Raises OutsideUnavailable when nothing was sent or Braintree is too busy, AccountBroken when
        it does not take our key, NotFound, and OutcomeUnknown for everything else that is no
        answer. A cancelled wait may have been done all the same.
        """
        loop = asyncio.get_running_loop()
        call = Call(loop, self._http)
        try:
            return await loop.run_in_executor(self._pool, self._work, call, ask)
        except asyncio.CancelledError:
            call.give_up()
            raise

    async def aside(self, work: Callable[[], T]) -> T:
        """Do something short that blocks, such as reading kept state, in the same threads."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def _work(self, call: Call, ask: Callable[[Gateway], T]) -> T:
        gateway = self._opened()
        try:
            return self._strategy.work(call, lambda: ask(gateway))
        except FakturaError:
            raise
        except Exception as error:
            raise named(error) from error

    def _opened(self) -> Gateway:
        with self._lock:
            if self._gateway is None:
                self._gateway = gateway_of(self._settings, self._strategy)
            return self._gateway


def named(error: Exception) -> FakturaError:
    """Our error for one of the SDK's; what it cannot name may have been done."""
    kinds = library().exceptions
    if isinstance(error, kinds.NotFoundError):
        return NotFound("Braintree does not know it", place=_PLACE)
    if isinstance(error, kinds.AuthenticationError | kinds.AuthorizationError):
        return AccountBroken(
            f"Braintree does not take our key ({type(error).__name__})",
            place=_PLACE,
            mend="Check merchant_id, public_key, private_key and environment, and the key's rights",
        )
    if isinstance(error, kinds.UpgradeRequiredError):
        return AccountBroken(
            "Braintree does not serve this version of its SDK any more",
            place=_PLACE,
            mend="Install a newer braintree",
        )
    return OutcomeUnknown(f"Braintree gave no usable answer: {type(error).__name__}", place=_PLACE)
