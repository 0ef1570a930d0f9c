"""Connecting to a mail server: TLS is demanded, certificates are verified, one attempt to log in."""

import asyncio
import ssl
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException, SMTPResponseException

from faktura.flows.smtp_replies import unusable
from faktura.flows.smtp_socket import connected_socket
from faktura.hub.smtp import SmtpSecurity, SmtpSettings
from faktura.kernel.errors import Misconfigured
from faktura.kernel.outside_errors import OutsideUnavailable

T = TypeVar("T")
_MENDING = "Correct it with: faktura mails smtp set"


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: for a connection, for the answer to a command, for that to a whole mail.

    RFC 5321, 4.5.3.2 asks for ten minutes for the last one: a server may look into the mail first.
    """

    connect: float = 15
    command: float = 60
    mail: float = 600


@dataclass(frozen=True, slots=True, repr=False)
class SmtpConnector:
    """How one server is connected to; raises OutsideUnavailable, Misconfigured."""

    settings: SmtpSettings
    private_hosts: frozenset[str]
    patience: Patience

    @property
    def address(self) -> str:
        """Name and port."""
        return f"{self.settings.host}:{self.settings.port_in_use}"

    @property
    def place(self) -> str:
        """The server, in an error."""
        return f"mail server {self.address}"

    async def connect(self) -> SMTP:
        """A connection that is encrypted and logged in as the settings say."""
        settings = self.settings
        is_open = settings.security is SmtpSecurity.NONE
        if is_open and self.address not in self.private_hosts:
            raise Misconfigured(
                "mails are not sent over an open connection",
                place=self.place,
                mend="Set security to TLS or STARTTLS, or name the host in FAKTURA_PRIVATE_HOSTS",
            )
        trust = None if is_open else await asyncio.to_thread(ssl.create_default_context)
        sock = await connected_socket(
            settings.host, settings.port_in_use, self.private_hosts, self.patience.connect
        )
        own = str(sock.getsockname()[0])
        client = SMTP(
            hostname=settings.host,
            sock=sock,
            # A machine without a name says its address (RFC 5321, 4.1.4).
            local_hostname=settings.hello or (f"[IPv6:{own}]" if ":" in own else f"[{own}]"),
            timeout=self.patience.command,
            use_tls=settings.security is SmtpSecurity.TLS,
            start_tls=False,
            tls_context=trust,
        )
        try:
            await self._speak(client.connect(timeout=self.patience.connect), "it does not greet us")
            await self._speak(client.ehlo(), "it does not speak with us")
            if settings.security is SmtpSecurity.STARTTLS:
                await self._encrypt(client)
            await self._log_in(client)
        except BaseException:
            abort(client)
            raise
        return client

    async def _encrypt(self, client: SMTP) -> None:
        if not client.supports_extension("starttls"):
            raise Misconfigured(
                "it offers no STARTTLS, and mails are not sent over an open connection",
                place=self.place,
                mend=_MENDING,
            )
        await self._speak(client.starttls(), "it does not encrypt")
        await self._speak(client.ehlo(), "it does not speak with us")

    async def _log_in(self, client: SMTP) -> None:
        user, password = self.settings.user, self.settings.password.get_secret_value()
        if not user:
            return
        # One way only: each further one would be one more attempt with a wrong password.
        offered = client.supported_auth_methods
        for name, log_in in (
            ("plain", client.auth_plain),
            ("login", client.auth_login),
            ("cram-md5", client.auth_crammd5),
        ):
            if name in offered:
                await self._speak(log_in(user, password), "it does not take user and password")
                return
        raise Misconfigured(
            "it offers no way to log in that we know", place=self.place, mend=_MENDING
        )

    async def _speak(self, asked: Awaitable[T], what: str) -> T:
        """The answer; raises why the server cannot be used."""
        try:
            return await asked
        except (SMTPAuthenticationError, SMTPResponseException) as no:
            # The library's error quotes the server, and the server may quote a password.
            raise unusable(what, no.code, self.place) from None
        except (SMTPException, OSError) as error:
            refused = _tls_refusal(error)
            if refused is not None:
                raise Misconfigured(
                    f"its certificate or TLS is not accepted: {refused}",
                    place=self.place,
                    mend="Correct host and port, or have SSL_CERT_FILE name your authority",
                ) from None
            raise OutsideUnavailable(
                f"{what}: {type(error).__name__}",
                place=self.place,
                mend="It is asked again by itself",
            ) from None


def abort(client: SMTP) -> None:
    """End the connection at once: who is not understood need not agree to it."""
    transport = client.transport
    client.close()
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()


def _tls_refusal(error: BaseException) -> str | None:
    """Why TLS was refused, where that is what went wrong."""
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, ssl.SSLCertVerificationError):
            return found.verify_message or "the certificate is not trusted"
        if isinstance(found, ssl.SSLError) and not isinstance(found, ssl.SSLEOFError):
            return found.reason or "the handshake failed"
        found = found.__cause__
    return None
