"""The way out that the kit lets fail on purpose: before a request, after it, in the answer."""

from collections import deque
from dataclasses import dataclass, field, replace
from enum import StrEnum, unique

from typing_extensions import override

from faktura.kernel.outside_errors import OutcomeUnknown, OutsideUnavailable
from faktura.plugin import Http, HttpAnswer, HttpRequest


@unique
class Fault(StrEnum):
    """What happens to one request.

    NONE passes it on. NOT_SENT never reaches the other side. ANSWER_LOST reaches it, does its work
    there, and the answer is lost. The others reach it and answer something else: CUT the first half
    of the true answer, GARBAGE a page that is no answer, SERVER_ERROR a 500, THROTTLED a 429.
    """

    NONE = "NONE"
    NOT_SENT = "NOT_SENT"
    ANSWER_LOST = "ANSWER_LOST"
    CUT = "CUT"
    GARBAGE = "GARBAGE"
    SERVER_ERROR = "SERVER_ERROR"
    THROTTLED = "THROTTLED"


_PAGE = b"<html><body>\xff\xfe maintenance \x00</body></html>"
_HTML = {"content-type": "text/html"}
_ANSWERS = {
    Fault.GARBAGE: HttpAnswer(200, _HTML, _PAGE),
    Fault.SERVER_ERROR: HttpAnswer(500, _HTML, _PAGE),
    Fault.THROTTLED: HttpAnswer(429, {**_HTML, "retry-after": "7"}, _PAGE),
}


@dataclass(slots=True)
class Wire(Http):
    """The way out to the double at `inner`; keeps what was `sent`, faults included.

    `faults` are used up one a request, first in first out; then every request gets `always`.
    """

    inner: Http
    always: Fault = Fault.NONE
    faults: deque[Fault] = field(default_factory=deque)
    sent: list[HttpRequest] = field(default_factory=list)

    def fail_next(self, *faults: Fault) -> None:
        """Let the next requests meet these, one each."""
        self.faults.extend(faults)

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        """Send, or fail as it was told to."""
        self.sent.append(request)
        fault = self.faults.popleft() if self.faults else self.always
        if fault is Fault.NOT_SENT:
            raise OutsideUnavailable("nobody answers", place=request.url)
        answer = await self.inner.request(request)
        if fault is Fault.ANSWER_LOST:
            raise OutcomeUnknown("the answer was lost", place=request.url)
        if fault is Fault.CUT:
            return replace(answer, body=answer.body[: len(answer.body) // 2])
        return _ANSWERS.get(fault, answer)
