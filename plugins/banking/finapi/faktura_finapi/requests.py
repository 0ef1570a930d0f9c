"""What is sent to finAPI: a request id for each call, its language, and who waits for it (1.2)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv4Address
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from faktura.kernel.outside_errors import OutcomeUnknown, OutsideUnavailable
from faktura.plugin import Attendance, HttpAnswer, HttpRequest, Runtime
from faktura_finapi.answers import Json

_MEGABYTE = 1024 * 1024
_LARGEST = 32 * _MEGABYTE
_ERROR = 400
_DEVICE_MOST, _IP_MOST = 1024, 64


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """One question or order; `url` without its query, at most one of `body` (JSON) and `form`.

    `attended` says that a person waits for the answer. `repeats` marks what may be asked again
    without harm although it is no question.
    """

    method: str
    url: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Json | None = None
    form: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    attended: Attendance | None = None
    repeats: bool = False

    @property
    def asks(self) -> bool:
        """Whether nothing is lost when its answer is: it can simply be asked again."""
        return self.repeats or self.method in ("GET", "DELETE")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and for messages where it came from: the path and the request id."""

    http: HttpAnswer
    place: str


class Line:
    """The line to finAPI; `language` is what its messages are asked in."""

    def __init__(self, runtime: Runtime, language: str) -> None:
        self._runtime = runtime
        self._language = language

    async def send(self, call: Call, access: str = "") -> Answer:
        """Send once; raises OutsideUnavailable, or OutcomeUnknown where that matters."""
        request_id = str(uuid4())
        place = f"finAPI, {call.method} {urlsplit(call.url).path}, request {request_id}"
        headers = {
            "Accept": "application/json",
            "Accept-Language": call.language or self._language,
            "X-Request-Id": request_id,
            **psu_headers(call.attended),
        }
        if access:
            headers["Authorization"] = f"Bearer {access}"
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        query = f"?{urlencode(call.query)}" if call.query else ""
        request = HttpRequest(
            call.method,
            f"{call.url}{query}",
            headers,
            body=None if call.body is None else json.dumps(call.body).encode(),
            form=call.form,
            most=_LARGEST,
        )
        try:
            answer = await self._runtime.http.request(request)
        except OutcomeUnknown as error:
            kind = OutsideUnavailable if call.asks else OutcomeUnknown
            raise kind(error.problem, place=place, mend="Try again later") from error
        if answer.status >= _ERROR:
            # finAPI's support finds a call by this id.
            self._runtime.log.info("finapi_refused %s http %d", request_id, answer.status)
        return Answer(answer, place)


def user_metadata(attended: Attendance | None) -> dict[str, str]:
    """Who waits, as an update names it; empty for nobody, and where something of it is unknown."""
    if attended is None:
        return {}
    # A browser tells its device within the name it gives itself.
    device = attended.device or attended.user_agent
    found = {
        "ipAddress": attended.ip_address[:_IP_MOST],
        "deviceOs": device[:_DEVICE_MOST],
        "userAgent": attended.user_agent[:_DEVICE_MOST],
    }
    return found if all(found.values()) else {}


def psu_headers(attended: Attendance | None) -> dict[str, str]:
    """Who waits, as headers: only when somebody does, and with an IPv4 address (1.2)."""
    metadata = user_metadata(attended)
    if not metadata:
        return {}
    try:
        IPv4Address(metadata["ipAddress"])
    except AddressValueError:
        return {}
    return {
        "PSU-IP-Address": metadata["ipAddress"],
        "PSU-Device-OS": _header(metadata["deviceOs"]),
        "PSU-User-Agent": _header(metadata["userAgent"]),
    }


def _header(text: str) -> str:
    return "".join(sign if " " <= sign <= "~" else "?" for sign in text)
