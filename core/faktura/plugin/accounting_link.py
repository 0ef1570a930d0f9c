"""Handing exports over to an accounting system on the net, on behalf of a person who allowed it.

The core keeps tokens, locks, references and the log; a link translates calls and answers.
"""

from abc import abstractmethod
from datetime import date, datetime
from enum import StrEnum, unique
from typing import ClassVar
from uuid import UUID

from pydantic import SecretStr

from faktura.plugin.accounting import ExportFile
from faktura.plugin.adapter import Adapter
from faktura.plugin.dto import Dto


class LoginRequest(Dto):
    """Where the person logs in, and what must be known when they come back; valid once.

    `state` and `nonce` are fresh, unguessable texts; `verifier` proves that the same party redeems
    the code (PKCE, RFC 7636).
    """

    url: str
    state: str
    nonce: SecretStr
    verifier: SecretStr
    redirect_uri: str


class LinkTokens(Dto):
    """What a login gave: `refresh` is redeemed once and replaced; ends in UTC."""

    access: SecretStr
    access_until: datetime
    refresh: SecretStr
    refresh_until: datetime
    person: str = ""


class LinkedClient(Dto):
    """What the link may do at the other side, as it was asked: the client's name and problems.

    A problem names a missing permission with what to do; without problems the link is good.
    """

    client: str
    name: str
    problems: tuple[str, ...] = ()


class LinkedDocument(Dto):
    """The image of a document to be handed over under an id of our own."""

    guid: UUID
    number: str
    filename: str
    media_type: str
    content: bytes
    issued_on: date


@unique
class TransferState(StrEnum):
    """What became of a file that was handed over; PENDING is asked for again."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    FAILED = "FAILED"


class Transfer(Dto):
    """A file at the other side: its job there, and when to ask again (UTC), never earlier."""

    job: str
    state: TransferState
    message: str = ""
    check_after: datetime | None = None


class AccountingLink(Adapter):
    """A remote accounting system; its methods may raise LinkRefused, OutsideUnavailable, OutcomeUnknown.

    Stateless: tokens come with each call. A 401 is LinkExpired, so that the core refreshes once.
    """

    target: ClassVar[str]
    """The export target whose files it takes, e.g. `datev`."""

    @property
    def manage_url(self) -> str:
        """Where the person sees and ends what they allowed; empty where there is no such page."""
        return ""

    @abstractmethod
    async def login(self, redirect_uri: str) -> LoginRequest:
        """Begin a login: fresh secrets, and the address for the person; nothing of theirs is sent."""

    @abstractmethod
    async def redeem(self, login: LoginRequest, code: str) -> LinkTokens:
        """Exchange the code the person came back with; the id token's nonce and signature are checked."""

    @abstractmethod
    async def refresh(self, tokens: LinkTokens) -> LinkTokens:
        """New tokens for old; the caller holds the lock and keeps the new ones before their use."""

    @abstractmethod
    async def revoke(self, tokens: LinkTokens) -> None:
        """Have both tokens forgotten at the other side."""

    @abstractmethod
    async def client(self, tokens: LinkTokens) -> LinkedClient:
        """What the link may do for the client of its settings."""

    @abstractmethod
    async def send_document(self, tokens: LinkTokens, document: LinkedDocument) -> None:
        """Hand a document over; one that is there already under this id counts as handed over."""

    @abstractmethod
    async def send_file(self, tokens: LinkTokens, file: ExportFile, reference: str) -> Transfer:
        """Hand a file over under our reference; raises OutcomeUnknown when the answer was lost."""

    @abstractmethod
    async def transfer(self, tokens: LinkTokens, job: str) -> Transfer:
        """Ask what became of a job."""

    @abstractmethod
    async def find(self, tokens: LinkTokens, reference: str) -> Transfer | None:
        """The transfer of that reference, for a lost answer; None if the other side has none."""
