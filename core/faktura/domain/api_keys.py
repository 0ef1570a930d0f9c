"""Keys of the REST door: what they may do, from where, for how long, and how they are written.

A key is shown once; of its secret only the hash is kept, so a stolen database opens no door.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, unique
from hashlib import sha256
from hmac import compare_digest
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from uuid import UUID

from faktura.kernel.errors import FieldInvalid, shortened
from faktura.kernel.request_errors import Unauthenticated

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
RandomBytes = Callable[[int], bytes]

SECRET_BYTES = 32
# The last of 43 signs carries four bits: any other one would be a second way to write the same.
_WRITTEN = re.compile(
    r"fk_([1-9][0-9]{0,8})_([0-9a-f]{32})_([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])", re.ASCII
)
_NOBODY = bytes(32)


@unique
class Scope(StrEnum):
    """What a key may do; to write includes to read the same."""

    CUSTOMERS_READ = "customers:read"
    CUSTOMERS_WRITE = "customers:write"
    CATALOGUE_READ = "catalogue:read"
    CATALOGUE_WRITE = "catalogue:write"
    CONTRACTS_READ = "contracts:read"
    CONTRACTS_WRITE = "contracts:write"
    INVOICES_READ = "invoices:read"
    PAYMENTS_READ = "payments:read"
    PAYMENTS_WRITE = "payments:write"
    BILLING_READ = "billing:read"
    BILLING_WRITE = "billing:write"
    BANK_READ = "bank:read"
    BANK_WRITE = "bank:write"
    ACCOUNTING_READ = "accounting:read"
    ACCOUNTING_WRITE = "accounting:write"
    DUNNING_READ = "dunning:read"
    DUNNING_WRITE = "dunning:write"
    MAILS_READ = "mails:read"
    MAILS_WRITE = "mails:write"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"


# Bank accounts, books, dunning and what leaves the house belong to the tenant, not to a project.
TENANT_WIDE = frozenset(
    {
        Scope.BANK_READ,
        Scope.BANK_WRITE,
        Scope.ACCOUNTING_READ,
        Scope.ACCOUNTING_WRITE,
        Scope.DUNNING_READ,
        Scope.DUNNING_WRITE,
        Scope.MAILS_READ,
        Scope.MAILS_WRITE,
        Scope.WEBHOOKS_READ,
        Scope.WEBHOOKS_WRITE,
    }
)
_INCLUDING = {
    Scope.CUSTOMERS_READ: Scope.CUSTOMERS_WRITE,
    Scope.CATALOGUE_READ: Scope.CATALOGUE_WRITE,
    Scope.CONTRACTS_READ: Scope.CONTRACTS_WRITE,
    Scope.PAYMENTS_READ: Scope.PAYMENTS_WRITE,
    Scope.BILLING_READ: Scope.BILLING_WRITE,
    Scope.BANK_READ: Scope.BANK_WRITE,
    Scope.ACCOUNTING_READ: Scope.ACCOUNTING_WRITE,
    Scope.DUNNING_READ: Scope.DUNNING_WRITE,
    Scope.MAILS_READ: Scope.MAILS_WRITE,
    Scope.WEBHOOKS_READ: Scope.WEBHOOKS_WRITE,
}


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of a tenant; without `project_id` it is for all projects, without `networks` for any address.

    `expires_at` is exclusive; `replaces` is the key whose rights it took over.
    """

    id: UUID
    name: str
    project_id: UUID | None
    scopes: frozenset[Scope]
    networks: tuple[Network, ...]
    requests_per_minute: int
    secret_hash: bytes = field(repr=False)
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None
    replaces: UUID | None = None

    def allows(self, scope: Scope) -> bool:
        """Whether it was given that scope, or the one to write the same."""
        return scope in self.scopes or _INCLUDING.get(scope) in self.scopes

    def admits(self, address: Address) -> bool:
        """Whether it may be used from there; an IPv4 address written as IPv6 counts as IPv4."""
        if not self.networks:
            return True
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return any((mapped or address) in network for network in self.networks)

    def is_live(self, now: datetime) -> bool:
        """Whether it is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class PresentedKey:
    """A key as somebody presents it: of the right form, not proved yet."""

    tenant_id: int
    id: UUID
    secret: str = field(repr=False)


def presented_key(text: str) -> PresentedKey:
    """Read `fk_<tenant>_<id>_<secret>`; raises Unauthenticated, which never quotes the text."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise unknown_key()
    return PresentedKey(int(found[1]), UUID(hex=found[2]), found[3])


def written_key(tenant_id: int, key_id: UUID, secret: str) -> str:
    """The key as it is handed out; the tenant stands in it, so nothing is looked up across tenants."""
    return f"fk_{tenant_id}_{key_id.hex}_{secret}"


def new_secret(random: RandomBytes) -> str:
    """A secret of 32 random bytes, written as 43 signs that need no quoting in a URL or a header."""
    return urlsafe_b64encode(random(SECRET_BYTES)).rstrip(b"=").decode()


def secret_hash(secret: str) -> bytes:
    """What is kept of a secret. It is random, so no slow hash is needed to keep it from guessing."""
    return sha256(secret.encode()).digest()


def is_proved(presented: PresentedKey, key: ApiKey | None) -> bool:
    """Whether the secret is that of the key; takes as long for a key that does not exist."""
    kept = _NOBODY if key is None else key.secret_hash
    return compare_digest(secret_hash(presented.secret), kept)


def unknown_key() -> Unauthenticated:
    """The one answer to every key that opens nothing, whatever the reason."""
    return Unauthenticated(
        "the key is not valid", place="api-key", mend="Make one with: faktura keys create"
    )


def check_reach(scopes: Iterable[Scope], project_id: UUID | None) -> None:
    """Raise FieldInvalid where a key of one project would get what belongs to the tenant."""
    beyond = sorted(TENANT_WIDE.intersection(scopes))
    if project_id is not None and beyond:
        raise FieldInvalid(
            f"{', '.join(beyond)} cannot be given for one project: what they open is the tenant's",
            place="scope",
            mend="Make a key for all projects",
        )


def network(text: str) -> Network:
    """The network of a CIDR text or single address; raises FieldInvalid."""
    found: Network | None
    try:
        found = ip_network(text)
    except ValueError:
        found = None
    # An address counts as IPv4 where it is one: a network of such, written as IPv6, holds none.
    if found is None or "%" in text or (found.version == 6 and found.network_address.ipv4_mapped):
        raise FieldInvalid(
            f"“{shortened(text)}” is no network",
            place="network",
            mend="Write one like 192.0.2.0/24 or 2001:db8::/32, without bits behind the prefix",
        )
    return found
