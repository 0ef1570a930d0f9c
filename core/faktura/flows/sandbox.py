"""A sandbox tenant never reaches the live world: the one place that says where it may go (F137).

Whatever an adapter, a webhook or a setting asks for, a call of such a tenant ends here unless it goes to a
host of FAKTURA_SANDBOX_HOSTS, or where its adapter says that the provider's sandbox is.
"""

from collections.abc import Collection
from dataclasses import dataclass

from typing_extensions import override
from yarl import URL

from faktura.flows.transactions import in_read_tx
from faktura.kernel.errors import Misconfigured, shortened
from faktura.plugin import Adapter, Http, HttpAnswer, HttpRequest, SandboxAddress
from faktura.store.database import Database
from faktura.store.tenants import read_tenant

_PLACE = "outgoing requests"


@dataclass(frozen=True, slots=True)
class TenantHttp(Http):
    """The way out of one tenant's adapter, which stays in the sandbox if the tenant is one."""

    database: Database
    tenant_id: int
    adapter: type[Adapter]
    http: Http
    sandbox_hosts: frozenset[str] = frozenset()

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        """Send once; raises as Http says, and Misconfigured where it would leave the sandbox."""
        tenant = await in_read_tx(self.database, self.tenant_id, read_tenant)
        if tenant.sandbox:
            check_call(request, self.adapter.sandbox, self.sandbox_hosts)
        return await self.http.request(request)


def check_call(
    request: HttpRequest, allowed: Collection[SandboxAddress], hosts: Collection[str]
) -> None:
    """Raise Misconfigured unless the request stays in the sandbox."""
    url = _url(request.url)
    if _names(url, hosts) or any(_covers(one, url, request) for one in allowed):
        return
    raise _live(url)


def check_address(text: str, hosts: Collection[str]) -> None:
    """Raise Misconfigured unless the address, of a webhook, is of a host for tests."""
    url = _url(text)
    if not _names(url, hosts):
        raise _live(url)


def _names(url: URL, hosts: Collection[str]) -> bool:
    host = (url.host or "").lower()
    written = f"[{host}]" if ":" in host else host
    return bool(host) and f"{written}:{url.port}" in hosts


def _covers(one: SandboxAddress, url: URL, request: HttpRequest) -> bool:
    wanted = URL(one.url)
    if (url.scheme, url.host, url.port) != (wanted.scheme, wanted.host, wanted.port):
        return False
    # Behind one front, the header Host may lead to another one than the address.
    if url.user or url.password or any(name.lower() == "host" for name in request.headers):
        return False
    # Dots that lead out of the path, written plainly or not, are in no honest address.
    path = url.raw_path
    if wanted.path != "/" and not (
        path.startswith(wanted.path.rstrip("/") + "/") and ".." not in path and "%" not in path
    ):
        return False
    keys = [value for name, value in request.headers.items() if name.lower() == "authorization"]
    return not one.authorization or (len(keys) == 1 and keys[0].startswith(one.authorization))


def _url(text: str) -> URL:
    try:
        url = URL(text)
        # A host that is no name is found out here.
        _ = url.host
    except ValueError:
        raise Misconfigured("its address is none", place=_PLACE) from None
    return url


def _live(url: URL) -> Misconfigured:
    told = f"{url.scheme}://{url.host}" if url.host else "an address without a host"
    return Misconfigured(
        f"this tenant is a sandbox and “{shortened(told)}” is not, or not with this key",
        place=_PLACE,
        mend="Use the provider's sandbox, or name a host of tests in FAKTURA_SANDBOX_HOSTS",
    )
