"""What the double knows: the registered application, clients, tokens, images, jobs, what it counted."""

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, unique

from cryptography.hazmat.primitives.asymmetric import ec

from faktura.kernel.clock import FixedClock

SERVICE = "Buchungsdatenservice"
CLIENTS_SCOPE = "datev:accounting:clients"
FILES_SCOPE = "datev:accounting:extf-files-import"
DOCUMENTS_SCOPE = "datev:accounting:documents"
ACCESS_LASTS = timedelta(seconds=900)
REFRESH_LASTS = timedelta(hours=11)
CODE_LASTS = timedelta(seconds=60)
_KEY = ec.generate_private_key(ec.SECP256R1())


@unique
class Fault(StrEnum):
    """What goes wrong with the next request that fits, once."""

    EXPIRED = "EXPIRED"
    FORBIDDEN = "FORBIDDEN"
    TOO_LARGE = "TOO_LARGE"
    MEDIA_TYPE = "MEDIA_TYPE"
    BUSY = "BUSY"
    BROKEN = "BROKEN"
    DOWN = "DOWN"
    LOST = "LOST"
    SLOW = "SLOW"


@dataclass
class Switch:
    """A fault for requests of a method whose path contains a text.

    `skip` requests go well before it; then `times` of them have it.
    """

    fault: Fault
    method: str
    path: str
    times: int = 1
    skip: int = 0
    retry_after: int = 7


@dataclass
class Family:
    """The tokens of one login: they live and die together."""

    scopes: frozenset[str]
    until: datetime
    alive: bool = True
    access: dict[str, datetime] = field(default_factory=dict)
    refresh: dict[str, bool] = field(default_factory=dict)
    """Whether each was redeemed."""


@dataclass
class Code:
    """An authorisation code and what it is bound to."""

    redirect_uri: str
    challenge: str
    nonce: str
    scopes: frozenset[str]
    until: datetime
    family: Family | None = None


@dataclass
class Client:
    """A client of a consultant."""

    consultant: int
    number: int
    name: str
    services: tuple[str, ...] = (SERVICE, "Belegbilderservice")
    permission_expired: bool = False

    @property
    def id(self) -> str:
        """As addresses name it."""
        return f"{self.consultant}-{self.number}"


@dataclass
class Image:
    """A stored image of a document."""

    client: str
    name: str
    content: bytes
    metadata: dict[str, str]


@dataclass
class Job:
    """A file that was handed over."""

    id: str
    client: str
    filename: str
    reference: str
    content: bytes
    questions_left: int
    ask_from: datetime
    details: dict[str, object] | None
    missing_links: tuple[str, ...]
    said_otherwise: str = ""
    """A result that DATEV's description does not know."""


@dataclass
class World:
    """Everything of one double; a test changes it as it likes."""

    clock: FixedClock
    client_id: str = "app-of-faktura"
    client_secret: str = "s3cret of the registration"  # noqa: S105 - of nobody
    redirect_uris: set[str] = field(default_factory=set)
    registered_scopes: frozenset[str] = frozenset(
        {"openid", "profile", CLIENTS_SCOPE, FILES_SCOPE, DOCUMENTS_SCOPE, "offline_access"}
    )
    person: str | None = "Ada Adler"
    """Who sits at the browser; None denies."""
    clients: list[Client] = field(
        default_factory=lambda: [
            Client(29098, 55003, "Musterholz GmbH"),
            Client(29098, 55004, "Ohne Dienst OHG", services=("Belegbilderservice",)),
            Client(29098, 55005, "Abgelaufen KG", permission_expired=True),
        ]
    )
    document_types: tuple[str, ...] = ("Rechnungseingang", "Rechnungsausgang", "Sonstige")
    pending_questions: int = 1
    retry_after: int = 5
    slow_seconds: float = 5
    refuse_repeated_references: bool = False
    switches: list[Switch] = field(default_factory=list)
    codes: dict[str, Code] = field(default_factory=dict)
    families: list[Family] = field(default_factory=list)
    used_states: set[str] = field(default_factory=set)
    revoked: list[str] = field(default_factory=list)
    images: dict[str, Image] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    requests: list[tuple[str, str, int]] = field(default_factory=list)
    """Method, path and status of every request of the three services."""
    early_questions: int = 0
    signing_key: ec.EllipticCurvePrivateKey = _KEY

    def turn_on(self, fault: Fault, method: str, path: str, **more: int) -> None:
        """Have the next request that fits go wrong."""
        self.switches.append(Switch(fault, method, path, **more))

    def take_switch(self, method: str, path: str) -> Switch | None:
        """The fault of this request, used up by it."""
        for switch in self.switches:
            if not switch.times or switch.method != method or switch.path not in path:
                continue
            if switch.skip:
                switch.skip -= 1
                continue
            switch.times -= 1
            return switch
        return None

    def client_of(self, client_id: str) -> Client | None:
        """The client of that id."""
        return next((one for one in self.clients if one.id == client_id), None)

    def family_of_access(self, token: str) -> Family | None:
        """The living family of an access token that is not over."""
        for family in self.families:
            if family.alive and family.access.get(token, self.clock.now()) > self.clock.now():
                return family
        return None

    def end_access_tokens(self) -> None:
        """Have every access token be over, before its time."""
        for family in self.families:
            family.access.clear()

    @property
    def asked(self) -> Counter[str]:
        """How many requests of each method the three services got."""
        return Counter(method for method, _, _ in self.requests)

    @property
    def repeated_references(self) -> int:
        """How many files came with a reference that another one had."""
        found = Counter(job.reference for job in self.jobs.values())
        return sum(count - 1 for count in found.values())


def new_token() -> str:
    """A text that nobody guesses."""
    return f"{uuid.uuid4().hex}{uuid.uuid4().hex}"
