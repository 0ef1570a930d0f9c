"""A double of the live world: it listens on loopback and counts who comes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class World:
    """Answers everything with 200, and counts connections; `host` is name:port."""

    connections: int = 0
    host: str = ""
    asked: list[bytes] = field(default_factory=list)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read the head of a request, answer it, hang up."""
        self.connections += 1
        self.asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def live_world() -> AsyncIterator[World]:
    """One that listens."""
    world = World()
    server = await asyncio.start_server(world.answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    world.host = f"127.0.0.1:{port}"
    async with server:
        yield world
