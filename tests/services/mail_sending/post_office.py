"""Mail servers that can say no: aiosmtpd with a will of its own, and one that speaks from a script."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "werk", "geheim-47-11"


@dataclass
class PostOffice:
    """Takes mails, but what it is told to refuse; `taken` are those it has, in order.

    `refused` gives the reply to an address, `answers` those to the next mails (None: dropped, ...: it
    never comes), after which all are taken.
    """

    refused: dict[str, str] = field(default_factory=dict)
    answers: list[str | None] = field(default_factory=list)
    sender_reply: str | None = None
    never_answers: bool = False
    most_a_connection: int | None = None
    tls: ssl.SSLContext | None = None
    starttls: ssl.SSLContext | None = None
    logs_in: bool = False
    password: str = PASSWORD
    taken: list[Envelope] = field(default_factory=list)
    greeted: list[str] = field(default_factory=list)
    logins: int = 0
    connected: int = 0
    carried: dict[int, int] = field(default_factory=dict)
    holds_one: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, replies: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.greeted.append(hostname)
        return replies

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.carried[id(server)] = self.carried.get(id(server), 0) + 1
        if self.most_a_connection is not None and self.carried[id(server)] > self.most_a_connection:
            hang_up(server)
        if self.sender_reply is not None:
            return self.sender_reply
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.never_answers:
            self.holds_one.set()
            await asyncio.Event().wait()
        answer = self.answers.pop(0) if self.answers else "250 2.0.0 queued"
        if answer is None:
            self.taken.append(envelope)
            hang_up(server)
            return "250 never seen"
        if answer.startswith("2"):
            self.taken.append(envelope)
        return answer

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        self.logins += 1
        right = LoginPassword(USER.encode(), self.password.encode())
        return AuthResult(success=data == right, handled=False)

    def protocol(self) -> SMTP:
        self.connected += 1
        return SMTP(
            self,
            hostname="post.example",
            tls_context=self.starttls,
            require_starttls=self.starttls is not None,
            auth_required=self.logs_in,
            auth_require_tls=self.tls is None,
            authenticator=self.authenticate if self.logs_in else None,
        )

    @asynccontextmanager
    async def open(self) -> AsyncIterator[int]:
        """The port it listens on at 127.0.0.1."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self.protocol, "127.0.0.1", 0, ssl=self.tls)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()


@contextmanager
def elsewhere(office: PostOffice) -> Iterator[int]:
    """The port of a server that runs beside the test, in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    opened = office.open()
    try:
        yield asyncio.run_coroutine_threadsafe(opened.__aenter__(), loop).result()
        asyncio.run_coroutine_threadsafe(opened.__aexit__(None, None, None), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


def hang_up(server: SMTP) -> None:
    """End the connection without a word."""
    assert isinstance(server.transport, asyncio.WriteTransport)
    server.transport.abort()


def as_bytes(envelope: Envelope) -> bytes:
    """The mail as it came over the wire."""
    content = envelope.original_content
    assert content is not None
    return content


@asynccontextmanager
async def scripted(lines: Sequence[bytes], tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port of a server that answers each line it gets with the next of these, whatever they are."""

    serving: list[tuple[asyncio.Event, asyncio.StreamWriter]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        done = asyncio.Event()
        serving.append((done, writer))
        try:
            # Who does not like what we say may reset the connection.
            with suppress(ConnectionError):
                for line in lines:
                    writer.write(line)
                    if not await reader.readline():
                        break
            writer.close()
        finally:
            done.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for done, writer in serving:
            writer.transport.abort()
            await done.wait()
