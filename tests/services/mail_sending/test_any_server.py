"""Whatever a server does, in whatever order: no mail twice, none lost, each lane in order (F084)."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from aiosmtpd.smtp import SMTP, Envelope, Session
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.services.mail_sending.outbox import Outbox
from tests.services.mail_sending.post_office import PostOffice, hang_up
from typing_extensions import override

from faktura.kernel.outbox_terms import MailState

LATER, NEVER = "451 later", "550 never"
# What waits behind another mail of its lane is due all the time.
PAUSE = timedelta(minutes=1)
MOODS = (
    "takes it", "hangs up", "address later", "address never", "mail later", "mail never",
    "takes it and hangs up", "hangs up behind it",
)  # fmt: skip


@dataclass
class Moody(PostOffice):
    """Does with each attempt what its next mood says; without one it takes the mail."""

    moods: list[str] = field(default_factory=list)
    now: dict[int, str] = field(default_factory=dict)

    @override
    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        mood = self.moods.pop(0) if self.moods else "takes it"
        self.now[id(session)] = mood
        if mood == "hangs up":
            hang_up(server)
        envelope.mail_from = address
        return "250 OK"

    @override
    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refused = {"address later": LATER, "address never": NEVER}.get(self.now[id(session)])
        if refused is not None:
            return refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    @override
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        mood = self.now[id(session)]
        refused = {"mail later": LATER, "mail never": NEVER}.get(mood)
        if refused is not None:
            return refused
        if mood != "hangs up behind it":
            self.taken.append(envelope)
        if mood != "takes it":
            hang_up(server)
        return "250 OK"


def moods_of(office: Moody) -> list[str]:
    return [one.rcpt_tos[0].partition("@")[0] for one in office.taken]


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    moods=st.lists(st.sampled_from(MOODS), max_size=14),
    lanes=st.lists(st.sampled_from("abc"), min_size=1, max_size=7),
    connections=st.integers(1, 3),
)
def test_no_mail_is_taken_twice_and_none_is_lost(
    outbox: Outbox, moods: list[str], lanes: list[str], connections: int
) -> None:
    """What the server has we say is SENT or in doubt, what it has not we never say is SENT."""
    office = Moody(moods=list(moods))
    mails = {
        f"{lane}-{no}": outbox.mail(lane, f"{lane}-{no}@x.example") for no, lane in enumerate(lanes)
    }

    async def run() -> None:
        async with office.open() as port:
            outbox.server(port, CONNECTIONS=str(connections))
            while waiting := [
                one.due_at
                for one in map(outbox.read, mails.values())
                if one.state is MailState.WAITING
            ]:
                outbox.clock.advance(max(min(waiting) - outbox.clock.now(), PAUSE))
                await outbox.pump()

    asyncio.run(run())

    taken = Counter(moods_of(office))
    ended = {name: outbox.state(mail) for name, mail in mails.items()}
    assert set(ended.values()) <= {MailState.SENT, MailState.FAILED, MailState.UNCERTAIN}
    assert all(count == 1 for count in taken.values())
    assert all(taken[name] == 1 for name, state in ended.items() if state is MailState.SENT)
    assert all(taken[name] == 0 for name, state in ended.items() if state is MailState.FAILED)
    for lane in "abc":
        own = [int(one[2:]) for one in moods_of(office) if one.startswith(lane)]
        assert own == sorted(own)
