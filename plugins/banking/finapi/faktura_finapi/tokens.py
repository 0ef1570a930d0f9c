"""Tokens of finAPI's users and of the client itself, kept in memory until they end (1.1).

A refused password is never tried twice: finAPI locks a user after a few wrong ones.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from faktura.kernel.outside_errors import AccountBroken
from faktura.plugin import FeedUser, Runtime
from faktura_finapi.answers import content, told
from faktura_finapi.messages import TokenSaid, read
from faktura_finapi.requests import Answer, Call, Line
from faktura_finapi.settings import FinapiSettings

_PATH = "/api/v2/oauth/token"
_EARLY = timedelta(seconds=60)
_REFUSED = (400, 401)
_LOCKED = 423
_OF_CLIENT = "invalid_client"
_MEND = "Mend the user at finAPI; its password is not tried again before a restart"
_MEND_CLIENT = "Check the client id and its secret"


@dataclass(frozen=True, slots=True, repr=False)
class _Token:
    """An empty `access` was refused; `until` is the end of its use, None for never."""

    access: str
    refresh: str | None
    until: datetime | None


class Tokens:
    """Hands out access tokens; None as the user stands for the client itself."""

    def __init__(self, settings: FinapiSettings, runtime: Runtime, line: Line) -> None:
        self._settings = settings
        self._clock = runtime.clock
        self._line = line
        self._kept: dict[str, _Token] = {}
        # One at a time for each user: of several at once each would spend a wrong password.
        self._turns: dict[str, asyncio.Lock] = {}
        self._wrong: dict[str, str] = {}

    async def access(self, user: FeedUser | None) -> str:
        """A token that finAPI should take; raises AccountBroken where it lets nobody in."""
        key = _key(user)
        async with self._turns.setdefault(key, asyncio.Lock()):
            token = self._kept.get(key)
            if token is not None and token.access and not self._is_over(token):
                return token.access
            fresh = None
            if token is not None and token.refresh is not None:
                fresh = await self._refreshed(token.refresh)
            if fresh is None:
                fresh = await (self._for_client() if user is None else self._for_user(user))
            self._kept[key] = fresh
            return fresh.access

    def forget(self, user: FeedUser | None, refused: str) -> None:
        """Do not use that access token again; a newer one that somebody else got is good."""
        kept = self._kept.get(_key(user))
        if kept is not None and kept.access == refused:
            self._kept[_key(user)] = _Token("", kept.refresh, None)

    def _is_over(self, token: _Token) -> bool:
        return token.until is not None and self._clock.now() >= token.until

    async def _for_client(self) -> _Token:
        answer = await self._grant({"grant_type": "client_credentials"})
        if answer.http.status in _REFUSED:
            raise AccountBroken(_problem(answer), place=answer.place, mend=_MEND_CLIENT)
        return self._token(answer)

    async def _for_user(self, user: FeedUser) -> _Token:
        password = user.password.get_secret_value()
        if self._wrong.get(user.id) == password:
            raise AccountBroken(
                "finAPI did not take this user's password", place="finAPI", mend=_MEND
            )
        grant = {"grant_type": "password", "username": user.id, "password": password}
        answer = await self._grant(grant)
        if answer.http.status in (*_REFUSED, _LOCKED):
            if told(answer.http).startswith(_OF_CLIENT):
                # finAPI did not even look at the password.
                raise AccountBroken(_problem(answer), place=answer.place, mend=_MEND_CLIENT)
            self._wrong[user.id] = password
            raise AccountBroken(_problem(answer), place=answer.place, mend=_MEND)
        return self._token(answer)

    async def _refreshed(self, refresh: str) -> _Token | None:
        """New tokens for old; None where the old ones are not taken any more."""
        answer = await self._grant({"grant_type": "refresh_token", "refresh_token": refresh})
        if answer.http.status in _REFUSED:
            return None
        fresh = self._token(answer)
        return _Token(fresh.access, fresh.refresh or refresh, fresh.until)

    async def _grant(self, grant: Mapping[str, str]) -> Answer:
        client = {
            "client_id": self._settings.client_id,
            "client_secret": self._settings.client_secret.get_secret_value(),
        }
        url = f"{self._settings.access}{_PATH}"
        # A token that never arrived does no harm: another one is asked for.
        return await self._line.send(Call("POST", url, form={**grant, **client}, repeats=True))

    def _token(self, answer: Answer) -> _Token:
        said = read(TokenSaid, content(answer.http, answer.place, asking=True), answer.place)
        until = None
        if said.expires_in > 0:
            # One that ends on its way costs a call; of a short one half its time is used.
            life = timedelta(seconds=said.expires_in)
            until = self._clock.now() + max(life - _EARLY, life / 2)
        refresh = None if said.refresh_token is None else said.refresh_token.get_secret_value()
        return _Token(said.access_token.get_secret_value(), refresh, until)


def _key(user: FeedUser | None) -> str:
    return "" if user is None else user.id


def _problem(answer: Answer) -> str:
    return f"HTTP {answer.http.status}: {told(answer.http)}".removesuffix(": ")
