"""What the kits of connectors that call another system share: faults, odd answers, secrets, one try."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from pydantic import ValidationError
from typing_extensions import override

from faktura.kernel.errors import FakturaError
from faktura.plugin import AdapterSettings, Http, HttpAnswer, HttpRequest
from faktura.testing.kit.surroundings import Surroundings

JSON: Final = {"content-type": "application/json"}
ODD_BODIES: Final = (
    b"", b"null", b"[]", b"{}", b"true", b"0", b'"VALID"', b"[" * 50_000, b"\xff\xfe{}", b"{",
    b"<html>maintenance</html>", b"NaN", b'{"valid": "perhaps", "result": "perhaps"}',
)  # fmt: skip
ODD_PAUSES: Final = ("", "soon", "-5", "1.5", "Wed, 21 Oct 2015 07:28:00 GMT", "\u0663", "9" * 400)
HOSTILE_TEXTS: Final = (
    'a"}, "valid": true, "x": "', "a\r\nX-Kit: 1", "\x00", "../../admin", "..", "?a=b&c=d#e", "Grüße €",
    "<script>1</script>", "%s{0}", "a" * 10_000, "\u202egnp.exe", "'; DROP TABLE kit; --",
)  # fmt: skip
_LONGEST_LIMIT = 120
_SHORTEST_PAUSE = 10
_LONGEST_PAUSE = 7 * 86_400
_LARGEST = 64 * 1024 * 1024


@dataclass(slots=True)
class Answering(Http):
    """Another side that says this to everything, and keeps what it was asked."""

    answer: HttpAnswer
    sent: list[HttpRequest] = field(default_factory=list)

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        """Answer."""
        self.sent.append(request)
        return self.answer


class Hanging(Http):
    """Another side that never answers."""

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        """Wait for ever."""
        await asyncio.Event().wait()
        raise AssertionError("nothing wakes it")


@dataclass(slots=True)
class Keeping(Http):
    """Passes requests on, and keeps what was answered."""

    inner: Http
    answers: list[HttpAnswer] = field(default_factory=list)

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        """Pass it on."""
        answer = await self.inner.request(request)
        self.answers.append(answer)
        return answer


def check_addresses(settings: AdapterSettings) -> None:
    """Settings that are addresses take web addresses only: people and secrets are sent there."""
    for name, value in settings.model_dump().items():
        if not (isinstance(value, str) and value.startswith(("http://", "https://"))):
            continue
        for wrong in ("ftp://kit.example", "javascript:alert(1)", "https://kit example", "kit"):
            changed = {one: getattr(settings, one) for one in type(settings).model_fields}
            try:
                type(settings).model_validate(changed | {name: wrong})
            except ValidationError:
                continue
            raise AssertionError(f"the setting {name} takes “{wrong}”")


def check_requests(sent: Iterable[HttpRequest], secrets: Sequence[str]) -> None:
    """What no request may be: without an end, or with a line break or a secret where it is logged."""
    for one in sent:
        assert 0 < one.limit.total_seconds() <= _LONGEST_LIMIT, "a request without a time limit"
        assert 0 < one.most <= _LARGEST, "an answer without a limit"
        assert one.url.isascii(), "the address is not encoded"
        assert one.url.isprintable(), "the address is not encoded"
        steps = one.url.partition("?")[0].split("/")
        assert ".." not in steps, "a text steers the address"
        headers = "".join(f"{name}{value}" for name, value in one.headers.items())
        assert headers.isprintable(), "a text breaks out of its header"
        assert not any(secret in one.url for secret in secrets), "a secret in the address"


def check_pause(error: FakturaError) -> None:
    """A pause asked for in an odd way is none, or the connector's own: never a crash or a century."""
    seconds = getattr(error, "retry_after", 0)
    assert isinstance(seconds, int)
    assert seconds == 0 or _SHORTEST_PAUSE <= seconds <= _LONGEST_PAUSE, "a made-up pause"


def check_told(error: FakturaError) -> None:
    """An error says what is wrong in one printable line that ends."""
    told = str(error)
    assert error.problem, "the error says nothing"
    assert told.isprintable(), "the other side's own signs reach the terminal"
    assert len(told) < 2000, "the error repeats the answer"


def check_secrets(
    around: Surroundings, secrets: Sequence[str], told: Iterable[object] = ()
) -> None:
    """No secret in the log, in the state, or in anything that is printed of what was told."""
    assert secrets, "name the secrets of the settings"
    assert around.log.secrets_in(secrets) == []
    for one in told:
        for text in (repr(one), str(one), *_said(one)):
            assert not any(secret in text for secret in secrets), "a secret is told"
    for value in around.state.values.values():
        assert not any(secret in value for secret in secrets), "a secret lies in the state"


def _said(one: object) -> Iterable[str]:
    """What an error and those that it came from say."""
    while isinstance(one, BaseException):
        yield f"{one!r} {one}"
        if isinstance(one, FakturaError):
            yield str(one.as_dict())
        one = one.__cause__
