"""A visitor of the double who can do everything wrong: plain requests, each field in the test's hand."""

import base64
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

from aiohttp import ClientSession, FormData

from datev_double.server import CLIENTS, DOCUMENTS, FILES, Double

BACK = "https://billing.example/connect/datev/werk"
VERIFIER = "v" * 64
CLIENT = "29098-55003"
GUID = "cb6a8f8f-099a-43a9-8baa-0cb64e299ba1"
PDF = b"%PDF-1.7 a page"
SCOPES = (
    "openid profile datev:accounting:clients datev:accounting:extf-files-import"
    " datev:accounting:documents"
)


@dataclass(frozen=True)
class Said:
    """An answer, read."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> dict[str, object]:
        """The JSON object."""
        found: dict[str, object] = json.loads(self.text)
        return found


def challenge(verifier: str) -> str:
    """S256, worked out here and not by the plugin."""
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")


@dataclass
class Visitor:
    """Sends plain requests to a double."""

    double: Double
    session: ClientSession
    tokens: dict[str, str] = field(default_factory=dict)
    count: int = 0

    async def send(self, method: str, path: str, **more: object) -> Said:
        """One request, redirects shown and not followed."""
        async with self.session.request(
            method,
            f"{self.double.base}{path}",
            allow_redirects=False,
            **more,  # type: ignore[arg-type]  # what a test gives
        ) as answer:
            return Said(answer.status, answer.headers, await answer.text())

    def query(self, **changed: str | None) -> dict[str, str]:
        """A right query of a login with some fields changed; None takes one away."""
        self.count += 1
        right: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.double.world.client_id,
            "redirect_uri": BACK,
            "scope": SCOPES,
            "state": f"state-{self.count:020}",
            "nonce": f"nonce-{self.count:020}",
            "code_challenge": challenge(VERIFIER),
            "code_challenge_method": "S256",
            "enableWindowsSso": "true",
        }
        return {name: value for name, value in (right | changed).items() if value is not None}

    async def authorize(self, **changed: str | None) -> Said:
        """The person's browser at the login."""
        return await self.send("GET", "/openid/authorize", params=self.query(**changed))

    async def code(self, **changed: str | None) -> str:
        """A fresh code."""
        answer = await self.authorize(**changed)
        return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]

    def basic(self, secret: str | None = None) -> dict[str, str]:
        """The application's credentials."""
        world = self.double.world
        pair = f"{world.client_id}:{(secret or world.client_secret).replace(' ', '%20')}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    async def token(self, headers: Mapping[str, str] | None = None, **form: str) -> Said:
        """A request for tokens."""
        wanted = self.basic() if headers is None else headers
        return await self.send("POST", "/token", headers=wanted, data=form)

    async def redeem(self, code: str, /, **changed: str) -> Said:
        """A right request for the tokens of a code, with some fields changed."""
        right = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "code_verifier": VERIFIER,
        }
        return await self.token(None, **(right | changed))

    async def log_in(self, **changed: str | None) -> None:
        """Have tokens from now on."""
        said = (await self.redeem(await self.code(**changed))).json
        self.tokens = {name: str(value) for name, value in said.items()}

    def headers(self, **changed: str | None) -> dict[str, str]:
        """The headers of every call of the services."""
        right: dict[str, str | None] = {
            "Authorization": f"Bearer {self.tokens['access_token']}",
            "X-DATEV-Client-Id": self.double.world.client_id,
        }
        return {name: value for name, value in (right | changed).items() if value is not None}

    async def clients(self, query: str = "", **changed: str | None) -> Said:
        """The list of clients."""
        path = f"{CLIENTS}/platform/v2/clients{query}"
        return await self.send("GET", path, headers=self.headers(**changed))

    async def put(
        self,
        guid: str = GUID,
        content: bytes | None = PDF,
        name: str = "RE-1.pdf",
        metadata: Mapping[str, object] | str | None = None,
        client: str = CLIENT,
    ) -> Said:
        """An image; without `content` the form has no file."""
        form = FormData(default_to_multipart=True)
        if content is not None:
            form.add_field("file", BytesIO(content), filename=name, content_type="application/pdf")
        told = metadata if isinstance(metadata, str) else json.dumps(metadata or {})
        form.add_field("metadata", told, content_type="application/json")
        path = f"{DOCUMENTS}/platform/v2/clients/{client}/documents/{guid}"
        return await self.send("PUT", path, headers=self.headers(), data=form)

    async def post(self, content: bytes, client: str = CLIENT, **changed: str | None) -> Said:
        """A file, with some headers changed."""
        right: dict[str, str | None] = {
            "Content-Type": "application/octet-stream",
            "Filename": "EXTF_Buchungsstapel_202611.csv",
            "Reference-Id": "faktura 1",
            "Client-Application-Version": "faktura 0.1.0",
        }
        path = f"{FILES}/platform/v3/clients/{client}/extf-files/import"
        headers = self.headers(**(right | changed))
        return await self.send("POST", path, headers=headers, data=BytesIO(content))

    async def job(self, location: str) -> Said:
        """What became of a job, by its address as the upload named it."""
        return await self.send("GET", f"{FILES}/platform/v3{location}", headers=self.headers())


@asynccontextmanager
async def visiting(double: Double) -> AsyncIterator[Visitor]:
    """A visitor whose way back is registered."""
    double.world.redirect_uris.add(BACK)
    async with ClientSession() as session:
        yield Visitor(double, session)
