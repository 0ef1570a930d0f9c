"""Under which names we are spoken to: the public one, and this machine's own on this machine."""

import ipaddress
from functools import lru_cache

from aiohttp import web

from faktura.bootstrap import PublicUrl
from faktura.kernel.errors import ServingRefused
from faktura.web.keys import APP

_LOCALHOST = "localhost"
_HTTP_PORT = 80


def check_serving(host: str, public_url: PublicUrl | None) -> None:
    """Raise ServingRefused where others reach `host` and nobody said by which address they do."""
    if public_url is None and not _is_loopback(host):
        raise ServingRefused(
            f"{host} can be reached by others, and FAKTURA_PUBLIC_URL does not say under which"
            " address",
            place="--host",
            mend="Set it, e.g. to https://billing.example.com, with a proxy before us that speaks"
            " TLS; or serve on 127.0.0.1 and open a tunnel: ssh -L 8080:127.0.0.1:8080 SERVER",
        )


# Every request asks for one of few addresses.
@lru_cache(maxsize=64)
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


def check_host(request: web.Request) -> None:
    """Answer 421 unless the request names us as own_origin does.

    A foreign page whose name was made to lead here (DNS rebinding) sends that name; without this
    check the browser would let it read the invoices.
    """
    if own_origin(request) is None:
        raise web.HTTPMisdirectedRequest


def own_origin(request: web.Request) -> str | None:
    """What a browser calls the place of our pages, as this request names it; None: not ours.

    That is the public address, and on a loopback socket this machine's own names with the port
    the request came in by.
    """
    asked = request.headers.get("Host", "").lower()
    public_url = request.config_dict[APP].settings.public_url
    if public_url is not None and asked == public_url.host:
        return str(public_url)
    transport = request.transport
    local = transport.get_extra_info("sockname") if transport else None
    if local is None or not _is_loopback(local[0]) or asked not in _own_hosts(local[0], local[1]):
        return None
    return f"http://{asked}"


@lru_cache(maxsize=64)
def _own_hosts(address: str, port: int) -> frozenset[str]:
    names = {_LOCALHOST, _in_address(address)}
    own = {f"{name}:{port}" for name in names}
    # A browser leaves out the port that http stands for.
    return frozenset(own | names if port == _HTTP_PORT else own)


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host
