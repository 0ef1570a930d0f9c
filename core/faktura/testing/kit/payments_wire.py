"""The wire between a payment adapter and its double: what gets lost before the money moves, and after."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from typing_extensions import override

from faktura.plugin import Http, HttpAnswer, HttpRequest
from faktura.testing.kit.wire import Fault, Wire


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault of one request, and whether the request reached the provider, who then did its work."""

    fault: Fault
    reached: bool

    @override
    def __str__(self) -> str:
        """Its name in a scenario's: `garbage-after`."""
        return f"{self.fault.value.lower()}-{'after' if self.reached else 'before'}"


TROUBLES = (
    Trouble(Fault.NOT_SENT, reached=False),
    Trouble(Fault.THROTTLED, reached=False),
    Trouble(Fault.ANSWER_LOST, reached=False),
    Trouble(Fault.CUT, reached=False),
    Trouble(Fault.GARBAGE, reached=False),
    Trouble(Fault.SERVER_ERROR, reached=False),
    Trouble(Fault.ANSWER_LOST, reached=True),
    Trouble(Fault.CUT, reached=True),
    Trouble(Fault.GARBAGE, reached=True),
    Trouble(Fault.SERVER_ERROR, reached=True),
)
"""Each way to get no answer, before and after the provider did what it was asked for."""

NO_ANSWERS = tuple(one for one in TROUBLES if one.reached or one.fault is Fault.NOT_SENT)
"""Those that tell questions apart, where nothing is done anyway."""


@dataclass(frozen=True, slots=True)
class Always(Http):
    """Somebody who answers everything with the same, and does nothing."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        """The same answer again."""
        return HttpAnswer(self.status, {"content-type": "text/html", **self.headers}, self.body)


ODD_VALUES: tuple[object, ...] = (None, 5.5, "", [], {}, "XXX", "x" * 300, 10**30, -(10**30))


def odd_answers(body: bytes) -> Iterator[bytes]:
    """A true answer, each time with one field of its first two levels odd; none where it is no JSON."""
    try:
        true = json.loads(body)
    except ValueError:
        return
    for name, inner in true.items() if isinstance(true, dict) else ():
        yield from (json.dumps({**true, name: odd}).encode() for odd in ODD_VALUES)
        for key in inner if isinstance(inner, dict) else ():
            for odd in ODD_VALUES:
                yield json.dumps({**true, name: {**inner, key: odd}}).encode()


@dataclass(slots=True)
class Heard(Http):
    """Passes requests on and keeps the answers."""

    inner: Http
    answers: list[HttpAnswer] = field(default_factory=list)

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        """The true answer."""
        self.answers.append(await self.inner.request(request))
        return self.answers[-1]


@dataclass(slots=True)
class Bent(Http):
    """Gives this body instead of a true one."""

    inner: Http
    true: bytes
    body: bytes

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        """The true answer, or the bent one."""
        answer = await self.inner.request(request)
        return replace(answer, body=self.body) if answer.body == self.true else answer


@dataclass
class PaymentWire(Wire):
    """The kit's wire, whose faulty requests reach the double only where `reaches` says so."""

    reaches: bool = True

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        """Send, or fail as it was told to."""
        fault = self.faults[0] if self.faults else self.always
        if self.reaches or fault is Fault.NONE:
            return await super().request(request)
        # What is cut in half must be something that breaks.
        real, self.inner = self.inner, Always(200, b'{"id": "nobody"}')
        try:
            return await super().request(request)
        finally:
            self.inner = real
