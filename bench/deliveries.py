"""A provider that delivers as fast as it is answered, over 32 connections that stay open.

`deliveries.py PORT COUNT SERIES` prints how long it took and how long each delivery waited. It
writes and reads bare HTTP: a client library would be slower than what is measured.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from time import perf_counter

from faktura.testing.webhook_double import signature

HOST = "127.0.0.1"
CONNECTIONS = 32
ADDRESS = "/webhooks/double/bench"
# As long as what providers send.
_PAYLOAD = {f"field_{no:02}": f"value of field {no:02}, as long as they are" for no in range(11)}


def requests(port: int, count: int, series: str) -> list[bytes]:
    """Signed deliveries of one event each, about 800 bytes, all of them different."""
    return [_request(port, f"{series}-{no}") for no in range(count)]


def _request(port: int, name: str) -> bytes:
    event = {"id": name, "type": "payment.succeeded", "payload": {"subject": name, **_PAYLOAD}}
    body = json.dumps({"events": [event]}).encode()
    head = (
        f"POST {ADDRESS} HTTP/1.1\r\nHost: {HOST}:{port}\r\nContent-Type: application/json\r\n"
        f"double-signature: {signature(body)}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _deliver(port: int, waiting: Iterator[bytes], seconds: list[float]) -> None:
    reader, writer = await asyncio.open_connection(HOST, port)
    for request in waiting:
        began = perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(head.decode())
        length = next(
            int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length:")
        )
        await reader.readexactly(length)
        seconds.append(perf_counter() - began)
    writer.close()


async def _all(port: int, count: int, series: str) -> dict[str, float]:
    waiting, seconds = iter(requests(port, count, series)), list[float]()
    began = perf_counter()
    await asyncio.gather(*(_deliver(port, waiting, seconds) for _ in range(CONNECTIONS)))
    took = perf_counter() - began
    seconds.sort()
    return {
        "rate": count / took,
        "p50": seconds[count // 2] * 1000,
        "p99": seconds[count * 99 // 100] * 1000,
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_all(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))))
