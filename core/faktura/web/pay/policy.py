"""What a customer's page may load and where it may lead: only what the provider's adapter names."""

import re
import secrets
from collections.abc import Mapping

from aiohttp import web
from yarl import URL

from faktura.kernel.errors import Misconfigured, shortened
from faktura.plugin import Embedded
from faktura.web.keys import APP

_SEE_OTHER = 303
_NONCE_BYTES = 16
_BASE: Mapping[str, str] = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_FOR_PROVIDERS = frozenset(
    {"script-src", "style-src", "img-src", "connect-src", "frame-src", "child-src", "font-src"}
)
_HOST = re.compile(r"(?:https|wss)://(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::[0-9]{1,5})?")
# What a directive may hold that is no host; scripts never run by more than host and nonce.
_WORDS: Mapping[str, frozenset[str]] = {
    # 3-D Secure shows the page of the customer's bank, which may be anywhere.
    "frame-src": frozenset({"https:"}),
    "img-src": frozenset({"data:", "blob:"}),
    "font-src": frozenset({"data:"}),
    # Fields that are styled by settings write their styles into the page (Braintree's do).
    "style-src": frozenset({"'unsafe-inline'"}),
}
_VALUE_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
_NOT_IN_SCRIPTS = ("</script", "<!--")


def new_nonce() -> str:
    """What lets the scripts of one answer run, and no others."""
    return secrets.token_urlsafe(_NONCE_BYTES)


def discreet(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """Keep the address from search engines; say to browsers where the page's forms may lead.

    A browser follows the redirect to the provider's page only where the form may lead there.
    """
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    private = sorted(f"http://{host}" for host in _private_hosts(request))
    leads_to = " ".join(("'self'", "https:", *private))
    policy = {**_BASE, "form-action": leads_to}
    response.headers.setdefault("Content-Security-Policy", _written(policy))
    return response


def allow_fields(
    request: web.Request, response: web.StreamResponse, embedded: Embedded, nonce: str
) -> None:
    """Let a page load the provider's fields from exactly the hosts that its adapter names.

    Raises Misconfigured for a host or a directive that no adapter may name.
    """
    private = _private_hosts(request)
    for address in embedded.scripts:
        safe_address(request, address)
    if any(word in embedded.own_script.lower() for word in _NOT_IN_SCRIPTS):
        raise Misconfigured("the adapter's script would end its own element")
    for name in embedded.values:
        if not _VALUE_NAME.fullmatch(name):
            raise Misconfigured(f"“{shortened(name)}” is no name of a data attribute")
    sources = {**_BASE, "script-src": f"'nonce-{nonce}'"}
    for directive, hosts in embedded.sources.items():
        for host in hosts:
            _check_source(directive, host, private)
        named = sources.get(directive, "")
        sources[directive] = " ".join(part for part in (named, *hosts) if part)
    response.headers["Content-Security-Policy"] = _written(sources)
    # A wallet opens a window of its own and answers to the page.
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"


def leave_for(request: web.Request, address: str) -> web.Response:
    """Send the browser to a provider's page; raises Misconfigured for an address that is not safe."""
    return web.Response(
        status=_SEE_OTHER, headers={"Location": str(safe_address(request, address))}
    )


def safe_address(request: web.Request, address: str) -> URL:
    """An https address, or one of a private host that the settings name; raises Misconfigured."""
    try:
        url = URL(address)
    except ValueError:
        url = URL()
    private = f"{url.host}:{url.port}" in _private_hosts(request) and url.scheme == "http"
    if not (url.host and (url.scheme == "https" or private)) or url.user or url.password:
        raise Misconfigured(
            f"“{shortened(address.partition('?')[0])}” is not an https address",
            place="payment page",
            mend="Name it in FAKTURA_PRIVATE_HOSTS as host:port if it is a system of yours",
        )
    return url


def _private_hosts(request: web.Request) -> frozenset[str]:
    return request.config_dict[APP].settings.private_hosts


def _check_source(directive: str, host: str, private: frozenset[str]) -> None:
    known = directive in _FOR_PROVIDERS and (
        _HOST.fullmatch(host) is not None
        or host in _WORDS.get(directive, frozenset())
        or host.removeprefix("http://") in private
    )
    if not known:
        raise Misconfigured(f"a page may not load “{shortened(f'{directive} {host}')}”")


def _written(policy: Mapping[str, str]) -> str:
    return "; ".join(f"{directive} {value}" for directive, value in policy.items())
