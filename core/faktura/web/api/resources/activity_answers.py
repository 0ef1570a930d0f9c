"""Activities of contracts as the API shows them (F058, F059)."""

from typing import Self
from uuid import UUID

from pydantic import Field

from faktura.kernel.terms import Origin
from faktura.services.contract_view import ActivityState, ActivityView
from faktura.web.api.replies import Answer
from faktura.web.api.resources.cost_answers import CostShareAnswer
from faktura.web.api.resources.link_answers import LinkAnswer
from faktura.web.api.shapes import AmountText, Day, DecimalText


class ActivityAnswer(Answer):
    """A billable activity with its service period; `until` is exclusive (F058, F059).

    Amounts are null with origin MIGRATION, and where `problem` says why there are none.
    """

    activity_id: UUID | None = Field(
        description="What names the activity in addresses; null for what is due."
    )
    state: ActivityState = Field(description="Whether it is billed, due or waiting.")
    origin: Origin = Field(description="Where it comes from (F058).")
    article_number: str = Field(description="The article.")
    article_name: str = Field(description="The article's name.")
    from_: Day = Field(alias="from", description="The first day of the service.")
    until: Day = Field(description="The first day after the service.")
    quantity: DecimalText = Field(description="How many; negative is a credit.")
    net: AmountText | None = Field(description="Without VAT.")
    gross: AmountText | None = Field(description="Reserved until it is billed.")
    contract_number: str = Field(description="The contract.")
    invoice_number: str | None = Field(description="The invoice that billed it.")
    problem: str = Field(description="Why it cannot be billed; empty where it can.")
    ledger_account: str | None = Field(
        description="Account of its revenue, where it has its own (F042)."
    )
    links: tuple[LinkAnswer, ...] = Field(description="What it belongs to elsewhere (F042).")
    costs: tuple[CostShareAnswer, ...] = Field(
        description="Where accounting counts its revenue, where it has its own."
    )

    @classmethod
    def of(cls, view: ActivityView) -> Self:
        """The answer."""
        return cls(
            state=view.state,
            origin=view.origin,
            article_number=view.article_number,
            article_name=view.article_name,
            from_=view.service.start,
            until=view.service.end,
            quantity=view.quantity,
            net=view.net,
            gross=view.gross,
            contract_number=view.contract_number,
            invoice_number=view.invoice_number,
            problem=view.problem,
            activity_id=view.activity_id,
            ledger_account=view.ledger_account,
            links=tuple(LinkAnswer.of(link) for link in view.links),
            costs=CostShareAnswer.all_of(view.costs),
        )


class ActivitiesAnswer(Answer):
    """The activities of a contract: billed, due on the day asked for, and waiting."""

    contract_number: str = Field(description="Whose activities they are.")
    date: Day = Field(description="The day on which they are due or not.")
    activities: tuple[ActivityAnswer, ...] = Field(
        description="What was billed, then what was not."
    )
