"""Addresses that webhooks may be sent to: https, of the open net, in one spelling that all read alike.

Whoever may set one must not reach into our own network (SSRF, P51). What only the network knows,
where a name leads, is looked at when it is connected to.
"""

import re
from collections.abc import Collection

from faktura.domain.public_addresses import address_of, is_public
from faktura.kernel.errors import FieldInvalid, OutOfRange, shortened

LONGEST = 2_000
HTTPS_PORT = 443
# Below 1024 lie the services of a machine, such as mail and SSH; only https is meant there.
_FIRST_FREE_PORT, _LAST_PORT = 1_024, 65_535
_PRINTABLE = re.compile(r"[!-\[\]-~]*", re.ASCII)
_PARTS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<place>[^/?#]*)(?P<rest>.*)")
_PLACE = re.compile(r"(?P<host>\[[^\]]*\]|[^:]*)(?::(?P<port>[0-9]*))?")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_LONGEST_NAME = 253
# Parsers of addresses read such a last label as a number, hexadecimal too: 127.1 and 0x7f.1.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
# Names that networks keep for themselves (RFC 6761, 6762, 8375, and ICANN's internal).
_OWN_NAMES = frozenset(
    {"localhost", "local", "internal", "arpa", "onion", "invalid", "lan", "home"}
)
_MEND = "Write one like https://hooks.example.com/faktura"
_PRIVATE_MEND = "Name it in FAKTURA_PRIVATE_HOSTS as host:port if it is a system of yours"


def checked_url(text: str, private_hosts: Collection[str], *, field: str = "url") -> str:
    """The address as it was given, if webhooks may be sent there.

    Hosts in `private_hosts` (name:port, lower case) may be of our own network, speak plain HTTP and
    have any port. Raises FieldInvalid and OutOfRange with the column, counted from 1.
    """
    if len(text) > LONGEST:
        raise OutOfRange(
            f"it has {len(text):,} characters", place=field, mend=f"At most {LONGEST:,}"
        )
    printable = _PRINTABLE.match(text)
    end = printable.end() if printable else 0
    if end < len(text):
        sign = f"“{shortened(text[end])}”" if text[end].strip() else "a blank"
        raise _refused(
            f"{sign} cannot stand in an address",
            field,
            end,
            "Write it as %XX, and the name of a host in another script as xn--…",
        )
    parts = _PARTS.fullmatch(text)
    if parts is None or not parts["place"]:
        raise _refused("this is no whole address", field, 0, _MEND)
    host, port = _host_and_port(parts, field)
    scheme = parts["scheme"].lower()
    if "#" in parts["rest"]:
        at = parts.start("rest") + parts["rest"].index("#")
        raise _refused("what stands behind # is sent to nobody", field, at, "Leave it out")
    default = HTTPS_PORT if scheme == "https" else 80
    if f"{host}:{default if port is None else port}" in private_hosts and scheme in (
        "http",
        "https",
    ):
        return text
    if scheme != "https":
        raise _refused("only https keeps it from others' eyes", field, 0, _MEND)
    _check_port(port, field, parts.end("place"))
    _check_host(host, field, parts.start("place"))
    return text


def host_of(url: str) -> str:
    """The host of a checked address with its port: what may be told of it, a path can hold a secret."""
    parts = _PARTS.fullmatch(url)
    return parts["place"].lower() if parts else ""


def _host_and_port(parts: re.Match[str], field: str) -> tuple[str, int | None]:
    place, start = parts["place"], parts.start("place")
    if "@" in place:
        raise _refused("a name or password before the host", field, start, "Leave it out")
    found = _PLACE.fullmatch(place)
    if found is None or not found["host"]:
        raise _refused(f"“{shortened(place)}” is no host", field, start, _MEND)
    port = found["port"]
    if port == "" or (port is not None and len(port) > len(str(_LAST_PORT))):
        raise _refused(
            "this is no port", field, start + found.start("port"), "Write one like :8443"
        )
    return found["host"].lower(), None if port is None else int(port)


def _check_port(port: int | None, field: str, end: int) -> None:
    if port in (None, HTTPS_PORT) or _FIRST_FREE_PORT <= port <= _LAST_PORT:
        return
    column = end - len(str(port))
    raise _refused(
        f"the port {port} is not for webhooks",
        field,
        column,
        f"Use {HTTPS_PORT}, or {_FIRST_FREE_PORT} to {_LAST_PORT}",
    )


def _check_host(host: str, field: str, at: int) -> None:
    # In brackets stands IPv6, and nothing else.
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    literal = address_of(bare) if (bare != host) == (":" in host) else None
    if literal is not None:
        if not is_public(literal):
            raise _refused(
                f"{shortened(host)} is no address of the open net", field, at, _PRIVATE_MEND
            )
        return
    labels = host.removesuffix(".").split(".")
    if len(host) > _LONGEST_NAME or not all(map(_LABEL.fullmatch, labels)):
        raise _refused(f"“{shortened(host)}” is no name of a host", field, at, _MEND)
    if _NUMBER.fullmatch(labels[-1]):
        raise _refused(
            f"{shortened(host)} is an address that not everybody reads alike",
            field,
            at,
            "Write the name of the host",
        )
    if not _is_readable(host):
        raise _refused(f"“{shortened(host)}” is no name of a host", field, at, _MEND)
    if len(labels) == 1 or labels[-1] in _OWN_NAMES:
        raise _refused(f"{shortened(host)} is a name of an own network", field, at, _PRIVATE_MEND)


def _is_readable(host: str) -> bool:
    """Whether each label of another script (xn--…) stands for something."""
    try:
        host.encode().decode("idna")
    except UnicodeError:
        return False
    return True


def _refused(problem: str, field: str, at: int, mend: str) -> FieldInvalid:
    return FieldInvalid(problem, place=f"{field}, column {at + 1}", mend=mend)
