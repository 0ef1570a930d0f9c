"""Mails over SMTP: TLS is demanded, certificates are verified, nothing is sent twice (F084, RFC 5321).

Until the mail itself is on the wire the server has not got it, and any failure means: another time.
From then on only its own words count; where they do not come, nobody knows.
"""

import re
from asyncio import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from aiosmtplib.response import SMTPResponse

from faktura.domain.mail_outcomes import MailOutcome, Refusal, Verdict
from faktura.flows.mail_transport import MailLine, Parcel
from faktura.flows.smtp_connection import Patience, SmtpConnector, abort
from faktura.flows.smtp_replies import (
    by_code,
    is_later,
    is_never,
    is_yes,
    never,
    nobody_knows,
    not_now,
    refusal,
    reply,
)
from faktura.hub.smtp import SmtpSettings
from faktura.kernel.errors import FakturaError
from faktura.kernel.outbox_terms import BounceKind

_GO_ON = 354
_DOTS = re.compile(rb"^\.", re.MULTILINE)
# Codes that say who we are is not enough: the settings are at fault, not the mail.
_NOT_LET_IN = frozenset({530, 534, 535, 538})


@dataclass(frozen=True, slots=True, repr=False)
class SmtpTransport:
    """The way to one server; `private_hosts` (name:port) may be private, and open to everybody's eyes."""

    settings: SmtpSettings
    private_hosts: frozenset[str] = frozenset()
    patience: Patience = field(default_factory=Patience)

    @property
    def connections(self) -> int:
        """As many as the settings allow."""
        return self.settings.connections

    @property
    def bounce_domain(self) -> str:
        """As the settings say."""
        return self.settings.bounce_domain

    def line(self) -> MailLine:
        """A connection to the server, not open yet."""
        return SmtpLine(SmtpConnector(self.settings, self.private_hosts, self.patience))


class SmtpLine:
    """One connection to the server."""

    def __init__(self, connector: SmtpConnector) -> None:
        self._connector = connector
        self._patience = connector.patience
        self._place = connector.place
        self._client: SMTP | None = None
        self._carried = 0
        # A refused mail leaves its envelope behind on the server.
        self._to_reset = False

    async def open(self) -> None:
        """Be connected, and clear of an earlier mail's envelope. Raises as MailLine says."""
        client = self._client
        if client is not None and client.is_connected:
            if not self._to_reset:
                return
            try:
                await client.rset()
            except SMTPException:
                # It is connected to again.
                pass
            except CancelledError:
                # The answer is still to come, and would be taken for the next command's.
                self._drop()
                raise
            else:
                self._to_reset = False
                return
        self._drop()
        self._client = await self._connector.connect()
        self._carried, self._to_reset = 0, False

    async def hand_over(self, parcel: Parcel) -> MailOutcome:
        """Send one mail; a connection that was dropped between two mails is made again first."""
        try:
            outcome = await self._try(parcel)
        except FakturaError as error:
            return not_now(error.problem, self._place)
        if outcome is not None:
            return outcome
        return not_now("the connection broke off before the mail was sent", self._place)

    async def close(self) -> None:
        """Say goodbye where it is connected."""
        client = self._client
        if client is not None and client.is_connected:
            with suppress(SMTPException):
                await client.quit(timeout=self._patience.connect)
        self._drop()

    async def _try(self, parcel: Parcel) -> MailOutcome | None:
        """The outcome, None where the connection broke off before it was anything's turn."""
        used = self._carried > 0
        outcome = await self._envelope(parcel)
        if outcome is None and used:
            await self.open()
            outcome = await self._envelope(parcel)
        return outcome

    async def _envelope(self, parcel: Parcel) -> MailOutcome | None:
        client = self._client
        if client is None or not client.is_connected:
            return None
        options = [f"SIZE={len(parcel.content)}"] if client.supports_extension("size") else []
        refused: list[Refusal] = []
        try:
            await client.mail(parcel.sender, options=options)
            for recipient in parcel.recipients:
                try:
                    await client.rcpt(recipient)
                except SMTPRecipientRefused as no:
                    self._check_code(no)
                    refused.append(refusal(recipient, no.code, no.message))
        except SMTPSenderRefused as no:
            return self._sender_refused(no)
        except SMTPResponseException:
            # No reply of SMTP at all: whoever speaks there is not understood.
            self._drop()
            return not_now("the server's answer cannot be read", self._place)
        except (SMTPException, OSError):
            self._drop()
            return None
        if len(refused) == len(parcel.recipients):
            return self._all_refused(refused)
        return await self._data(client, parcel, tuple(refused))

    def _check_code(self, no: SMTPResponseException) -> None:
        if not (is_later(no.code) or is_never(no.code)):
            raise SMTPResponseException(no.code, no.message)

    def _sender_refused(self, no: SMTPSenderRefused) -> MailOutcome | None:
        self._to_reset = True
        if no.code in _NOT_LET_IN:
            self._drop()
            return not_now(f"the server wants us to log in ({no.code})", self._place)
        if not (is_later(no.code) or is_never(no.code)):
            self._drop()
            return not_now("the server's answer cannot be read", self._place)
        if no.code == 421:
            self._drop()
            return None if self._carried else by_code("it", no.code, no.message, self._place)
        return by_code("it", no.code, no.message, self._place)

    def _all_refused(self, refused: list[Refusal]) -> MailOutcome:
        self._to_reset = True
        said = refused[0].said
        if any(one.kind is BounceKind.TEMPORARY for one in refused):
            problem = f"the server takes no address of it now: {said}"
            return not_now(problem, self._place, said, tuple(refused))
        problem = f"the server takes no address of it: {said}"
        return never(problem, self._place, said, tuple(refused))

    async def _data(
        self, client: SMTP, parcel: Parcel, refused: tuple[Refusal, ...]
    ) -> MailOutcome | None:
        try:
            code, words = await client.execute_command(b"DATA")
        except SMTPResponseException as no:
            code, words = no.code, no.message
        except (SMTPException, OSError):
            self._drop()
            return None
        if code == _GO_ON:
            return await self._content(client, parcel, refused)
        if is_later(code) or is_never(code):
            self._to_reset = True
            return by_code("it", code, words, self._place)
        self._drop()
        return not_now("the server's answer cannot be read", self._place)

    async def _content(
        self, client: SMTP, parcel: Parcel, refused: tuple[Refusal, ...]
    ) -> MailOutcome:
        """What the server makes of the mail itself; whatever happens here, it may have it."""
        try:
            code, words = await _handed(client, parcel.content, self._patience.mail)
        except SMTPResponseException as no:
            code, words = no.code, no.message
        except (SMTPException, OSError) as error:
            self._drop()
            lost = f"the server got the mail and did not answer ({type(error).__name__})"
            return nobody_knows(lost, self._place, refused)
        self._carried += 1
        if is_yes(code):
            gone = {one.recipient for one in refused}
            took = tuple(one for one in parcel.recipients if one not in gone)
            return MailOutcome(Verdict.TAKEN, reply(code, words), took, refused)
        if is_later(code) or is_never(code):
            self._to_reset = True
            return by_code("it", code, words, self._place)
        self._drop()
        return nobody_knows("the server's answer to the mail cannot be read", self._place, refused)

    def _drop(self) -> None:
        if self._client is not None:
            abort(self._client)
        self._client = None


async def _handed(client: SMTP, content: bytes, seconds: float) -> SMTPResponse:
    """The reply to the mail itself, which ends with a line that is one dot (RFC 5321, 4.5.2)."""
    protocol = client.protocol
    if protocol is None:
        raise SMTPServerDisconnected("the connection is lost")
    end = b"" if content.endswith(b"\r\n") else b"\r\n"
    protocol.write(_DOTS.sub(b"..", content) + end + b".\r\n")
    return await protocol.read_response(timeout=seconds)
