"""A service desk, an action that opens a ticket there, and variants that are broken in one way each."""

import json
from dataclasses import dataclass, field

from typing_extensions import override

from faktura.kernel.outside_errors import OutcomeUnknown
from faktura.plugin import ChargebackAction, ChargebackNotice, Http, HttpAnswer, HttpRequest

TOKEN = "desk-token-77"  # noqa: S105 - of nobody


@dataclass
class Desk(Http):
    """A service desk with a ticket for each key it was not told before."""

    tickets: list[str] = field(default_factory=list)

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        key = str(json.loads(request.body or b"{}")["key"])
        if not key.startswith("again-") and key in self.tickets:
            return HttpAnswer(200, {}, b"known")
        self.tickets.append(key)
        return HttpAnswer(200, {}, b"opened")


class TicketAction(ChargebackAction):
    """Opens a ticket."""

    action = "ticket"

    @override
    async def act(self, notice: ChargebackNotice) -> str:
        answer = await self.runtime.http.request(
            HttpRequest(
                "POST",
                "https://desk.example/tickets",
                {"authorization": TOKEN},
                json.dumps({"key": self.key_of(notice)}).encode(),
            )
        )
        if answer.body not in (b"opened", b"known"):
            raise OutcomeUnknown("the desk gave no answer of its own")
        return "A ticket was opened"

    def key_of(self, notice: ChargebackNotice) -> str:
        return str(notice.chargeback)


class ActsEachTime(TicketAction):
    @override
    def key_of(self, notice: ChargebackNotice) -> str:
        return f"again-{notice.chargeback}"


class SwallowsALostAnswer(TicketAction):
    @override
    async def act(self, notice: ChargebackNotice) -> str:
        try:
            return await super().act(notice)
        except OutcomeUnknown:
            return "A ticket was opened"


class LogsItsToken(TicketAction):
    @override
    async def act(self, notice: ChargebackNotice) -> str:
        self.runtime.log.info("asking with %s", TOKEN)
        return await super().act(notice)


class SaysNothing(TicketAction):
    @override
    async def act(self, notice: ChargebackNotice) -> str:
        await super().act(notice)
        return " "
