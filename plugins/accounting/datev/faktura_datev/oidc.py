"""Login and tokens: OpenID Connect with a code and PKCE; every endpoint comes from discovery."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import quote, urlencode

from pydantic import SecretStr

from faktura.kernel.errors import FakturaError, SettingMissing
from faktura.kernel.outside_errors import (
    LinkExpired,
    LinkRefused,
    OutcomeUnknown,
    OutsideUnavailable,
)
from faktura.plugin import HttpAnswer, HttpRequest, LinkTokens, LoginRequest, Runtime
from faktura_datev.answers import accepted, object_of, text_in
from faktura_datev.id_token import Expected, verified_claims
from faktura_datev.online_settings import DatevOnlineSettings

_PLACE = "login at DATEV"
_SECRET_BYTES = 32
_DISCOVERED_FOR = timedelta(hours=12)
_ACCESS_SECONDS = 900
_LONGEST_ACCESS_SECONDS = 24 * 3600
_REFRESH_LASTS = timedelta(hours=11)
_LONG_REFRESH_LASTS = timedelta(days=730)
_UNKNOWN_APPLICATION = "HTTP 401: invalid_client"
_FORM = {"Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where things are, as DATEV's discovery document says."""

    issuer: str
    authorize: str
    token: str
    revoke: str
    userinfo: str
    keys: str


class OpenId:
    """Logins and tokens of the application in the settings."""

    def __init__(self, settings: DatevOnlineSettings, runtime: Runtime) -> None:
        self._settings = settings
        self._runtime = runtime
        self._discovered: tuple[datetime, Endpoints] | None = None

    async def login(self, redirect_uri: str) -> LoginRequest:
        """The address of a login with fresh state, nonce and verifier."""
        self._check_registered()
        endpoints = await self._endpoints()
        state, nonce, verifier = (secrets.token_urlsafe(_SECRET_BYTES) for _ in range(3))
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": redirect_uri,
            "scope": self._settings.all_scopes,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge_of(verifier),
            "code_challenge_method": "S256",
        }
        if self._settings.windows_sso:
            query["enableWindowsSso"] = "true"
        return LoginRequest(
            url=f"{endpoints.authorize}?{urlencode(query, quote_via=quote)}",
            state=state,
            nonce=SecretStr(nonce),
            verifier=SecretStr(verifier),
            redirect_uri=redirect_uri,
        )

    async def redeem(self, login: LoginRequest, code: str) -> LinkTokens:
        """The tokens for a code, once the id token is proven; with the person's name."""
        endpoints = await self._endpoints()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": login.redirect_uri,
            "code_verifier": login.verifier.get_secret_value(),
        }
        said = await self._token(endpoints, form)
        keys = object_of(await self._get(endpoints.keys), "signing keys of DATEV")
        now = self._runtime.clock.now()
        expected = Expected(
            endpoints.issuer, self._settings.client_id, login.nonce.get_secret_value(), now
        )
        claims = verified_claims(text_in(said, "id_token"), keys, expected)
        lasts = _LONG_REFRESH_LASTS if self._settings.long_lived else _REFRESH_LASTS
        tokens = self._tokens(said, now + lasts)
        person = await self._person(endpoints, tokens, claims)
        return tokens.model_copy(update={"person": person})

    async def refresh(self, tokens: LinkTokens) -> LinkTokens:
        """New tokens for old; the whole lasts as long as at the first login.

        Raises OutsideUnavailable where the token was surely not redeemed: it is as good as before.
        """
        endpoints = await self._endpoints_for_refresh()
        form = {
            "grant_type": "refresh_token",
            "refresh_token": tokens.refresh.get_secret_value(),
        }
        try:
            said = await self._token(endpoints, form)
        except LinkRefused as error:
            if not error.problem.startswith(_UNKNOWN_APPLICATION):
                raise
            # RFC 6749 section 5.2: it was refused before anybody looked at the token.
            mend = "Check `client_id` and `client_secret`"
            raise OutsideUnavailable(error.problem, place=_PLACE, mend=mend) from error
        fresh = self._tokens(said, tokens.refresh_until)
        return fresh.model_copy(update={"person": tokens.person})

    async def _endpoints_for_refresh(self) -> Endpoints:
        try:
            return await self._endpoints()
        except (LinkRefused, OutcomeUnknown) as error:
            # A connection does not end because the addresses could not be asked for.
            raise OutsideUnavailable(error.problem, place=error.place, mend=error.mend) from error

    async def revoke(self, tokens: LinkTokens) -> None:
        """Have both tokens forgotten; both are tried, the first error is told."""
        endpoints = await self._endpoints()
        problem: FakturaError | None = None
        for hint, token in (("refresh_token", tokens.refresh), ("access_token", tokens.access)):
            form = {"token": token.get_secret_value(), "token_type_hint": hint}
            try:
                accepted(await self._post(endpoints.revoke, form), "revoking at DATEV")
            except FakturaError as error:
                problem = problem or error
        if problem is not None:
            raise problem

    def _tokens(self, said: Mapping[str, object], refresh_until: datetime) -> LinkTokens:
        access, refresh = text_in(said, "access_token"), text_in(said, "refresh_token")
        if not access or not refresh or text_in(said, "token_type").lower() != "bearer":
            raise LinkRefused("the answer holds no tokens", place=_PLACE)
        lasts = said.get("expires_in")
        seconds = lasts if isinstance(lasts, int) and lasts > 0 else _ACCESS_SECONDS
        seconds = min(seconds, _LONGEST_ACCESS_SECONDS)
        return LinkTokens(
            access=SecretStr(access),
            access_until=self._runtime.clock.now() + timedelta(seconds=seconds),
            refresh=SecretStr(refresh),
            refresh_until=refresh_until,
        )

    async def _person(
        self, endpoints: Endpoints, tokens: LinkTokens, claims: Mapping[str, object]
    ) -> str:
        """The full name of whoever logged in; a login without a name is one all the same."""
        bearer = {"Authorization": f"Bearer {tokens.access.get_secret_value()}"}
        said = object_of(await self._get(endpoints.userinfo, bearer), "user of DATEV")
        if said.get("sub") != claims.get("sub"):
            raise LinkRefused("the name is of another person than the login", place=_PLACE)
        parts = f"{text_in(said, 'given_name')} {text_in(said, 'family_name')}"
        return text_in(said, "name") or parts.strip()

    async def _token(self, endpoints: Endpoints, form: Mapping[str, str]) -> Mapping[str, object]:
        answer = await self._post(endpoints.token, form)
        try:
            return object_of(accepted(answer, _PLACE), _PLACE)
        except LinkExpired as error:
            # Here a 401 is about the application, not about a token of the person.
            raise LinkRefused(error.problem, place=error.place, mend=error.mend) from error

    async def _post(self, url: str, form: Mapping[str, str]) -> HttpAnswer:
        self._check_registered()
        # RFC 6749 section 2.3.1: both are form-encoded before they become Basic credentials.
        name = quote(self._settings.client_id, safe="")
        secret = quote(self._settings.client_secret.get_secret_value(), safe="")
        basic = base64.b64encode(f"{name}:{secret}".encode()).decode()
        headers = {**_FORM, "Authorization": f"Basic {basic}"}
        return await self._runtime.http.request(HttpRequest("POST", url, headers, form=form))

    async def _get(self, url: str, headers: Mapping[str, str] | None = None) -> HttpAnswer:
        request = HttpRequest("GET", url, {**_FORM, **(headers or {})})
        try:
            return accepted(await self._runtime.http.request(request), _PLACE)
        except OutcomeUnknown as error:
            # Nothing was to be done there: to ask again does no harm.
            raise LinkRefused(error.problem, place=error.place, mend=error.mend) from error

    async def _endpoints(self) -> Endpoints:
        now = self._runtime.clock.now()
        if self._discovered is not None and now < self._discovered[0]:
            return self._discovered[1]
        said = object_of(await self._get(self._settings.discovery_url), "discovery at DATEV")
        names = {
            "issuer": "issuer",
            "authorize": "authorization_endpoint",
            "token": "token_endpoint",
            "revoke": "revocation_endpoint",
            "userinfo": "userinfo_endpoint",
            "keys": "jwks_uri",
        }
        found = {field: text_in(said, name) for field, name in names.items()}
        missing = [names[field] for field, text in found.items() if not text]
        if missing:
            raise LinkRefused(f"discovery does not name {', '.join(missing)}", place=_PLACE)
        self._discovered = (now + _DISCOVERED_FOR, Endpoints(**found))
        return self._discovered[1]

    def _check_registered(self) -> None:
        for name in ("client_id", "client_secret"):
            value = getattr(self._settings, name)
            if not (value.get_secret_value() if isinstance(value, SecretStr) else value):
                raise SettingMissing(
                    f"“{name}” is not set: DATEV knows no application of ours",
                    place="datev",
                    mend="Register one at developer.datev.de and set both",
                )


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636 section 4.2)."""
    digest = sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
