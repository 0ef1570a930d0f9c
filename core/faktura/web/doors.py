"""Who may knock: this machine only, by its own names, until the pages have a sign-in."""

import ipaddress

from aiohttp import web

from faktura.kernel.errors import ServingRefused

_LOCALHOST = "localhost"
_HTTP_PORT = 80


def check_loopback(host: str) -> None:
    """Raise ServingRefused unless `host` is an address of this machine alone."""
    if not _is_loopback(host):
        raise ServingRefused(
            f"the pages have no sign-in yet and would be open to whoever reaches {host}",
            place="--host",
            mend="Serve on 127.0.0.1; from another machine open a tunnel first:"
            " ssh -L 8080:127.0.0.1:8080 SERVER",
        )


def _is_loopback(host: str) -> bool:
    if host == _LOCALHOST:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        # Any other name may lead anywhere, if not today then tomorrow.
        return False


def address_of(host: str, port: int) -> str:
    """The address to open in a browser: http://127.0.0.1:8080/, http://[::1]:8080/."""
    return f"http://{_in_address(host)}:{port}/"


def check_host(request: web.BaseRequest) -> None:
    """Answer 421 unless the request names this machine and the port it came in by.

    A foreign page whose name was made to lead to 127.0.0.1 (DNS rebinding) sends that name here;
    without this check the browser would let it read the invoices.
    """
    transport = request.transport
    local = transport.get_extra_info("sockname") if transport else None
    asked = request.headers.get("Host", "").lower()
    if local is None or asked not in _own_hosts(local[0], local[1]):
        raise web.HTTPMisdirectedRequest


def _own_hosts(address: str, port: int) -> frozenset[str]:
    names = {_LOCALHOST, _in_address(address)}
    own = {f"{name}:{port}" for name in names}
    # A browser leaves out the port that http stands for.
    return frozenset(own | names if port == _HTTP_PORT else own)


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host
