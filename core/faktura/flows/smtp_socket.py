"""The socket to a mail server: to the open net, or to a host that the installation names."""

import asyncio
import socket
from collections.abc import Collection

from faktura.domain.public_addresses import address_of, is_public
from faktura.kernel.errors import Misconfigured, shortened
from faktura.kernel.outside_errors import OutsideUnavailable


async def connected_socket(
    host: str, port: int, private_hosts: Collection[str], seconds: float
) -> socket.socket:
    """A socket that is connected to one of the host's addresses; `seconds` for each of them.

    The address that was looked at is the one connected to, so that a name which resolves to something
    else a moment later leads nowhere (P51). Raises Misconfigured where it leads into a private network
    and is not named in FAKTURA_PRIVATE_HOSTS, OutsideUnavailable where nobody answers.
    """
    loop = asyncio.get_running_loop()
    place = f"mail server {host}:{port}"
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OutsideUnavailable(
            f"its name is not found: {shortened(error)}", place=place
        ) from error
    if f"{host}:{port}" not in private_hosts:
        _check_public([str(address[0]) for *_, address in found], place)
    last: Exception = OSError("it has no address")
    for family, kind, protocol, _, address in found:
        one = socket.socket(family, kind, protocol)
        one.settimeout(0)
        try:
            async with asyncio.timeout(seconds):
                await loop.sock_connect(one, address)
        except (OSError, TimeoutError) as error:
            one.close()
            last = error
        except BaseException:
            one.close()
            raise
        else:
            return one
    reason = shortened(last) or "no answer in time"
    raise OutsideUnavailable(f"it was not reached: {reason}", place=place) from last


def _check_public(addresses: Collection[str], place: str) -> None:
    for text in addresses:
        address = address_of(text)
        if address is None or not is_public(address):
            raise Misconfigured(
                "it leads into a private network",
                place=place,
                mend="Name it in FAKTURA_PRIVATE_HOSTS as host:port if it is a system of yours",
            )
