"""Calls on behalf of a user: with its token, and once more with a new one where that was refused."""

from dataclasses import dataclass

from faktura.plugin import FeedUser, Runtime
from faktura_finapi.answers import Json, content
from faktura_finapi.requests import Call, Line
from faktura_finapi.settings import FinapiSettings
from faktura_finapi.tokens import Tokens

_UNAUTHORISED = 401


@dataclass(frozen=True, slots=True)
class Said:
    """A yes: the object in it, the bytes as they came, and where it came from."""

    content: Json
    raw: bytes
    place: str


class Calls:
    """Asks finAPI; what is kept in between are tokens."""

    def __init__(self, settings: FinapiSettings, runtime: Runtime) -> None:
        self._line = Line(runtime, settings.language.value)
        self._tokens = Tokens(settings, runtime, self._line)

    async def ask(self, call: Call, user: FeedUser | None) -> Said:
        """Ask as the user, None for the client itself; raises as answers.content and Tokens do."""
        access = await self._tokens.access(user)
        answer = await self._line.send(call, access)
        if answer.http.status == _UNAUTHORISED:
            # What was refused for its token was not done: it may be sent again, once.
            self._tokens.forget(user, access)
            answer = await self._line.send(call, await self._tokens.access(user))
        said = content(answer.http, answer.place, asking=call.asks)
        return Said(said, answer.http.body, answer.place)
