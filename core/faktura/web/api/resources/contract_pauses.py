"""A contract's subscriptions paused and resumed (F030, P10)."""

from typing import Any

from faktura.domain.api_keys import Scope
from faktura.domain.pauses import Pause
from faktura.services.contract_view import contract_subscriptions
from faktura.services.imports.change_fields import PauseFields, ResumeFields
from faktura.services.pausing import pause_subscription, resume_subscription
from faktura.web.api.call import Call, Nothing
from faktura.web.api.operation import Resource
from faktura.web.api.resources.contract_answers import (
    ContractSubscriptionsAnswer,
    SubscriptionAnswer,
)

CONTRACT_PAUSES = Resource("ContractPauses", "Contracts that rest for a while, and resume.")

_ONE = "/Contracts/{contractNumber}"


@CONTRACT_PAUSES.post(f"{_ONE}/pause", Scope.CONTRACTS_WRITE)
def contract_pause(call: Call[Nothing, PauseFields]) -> ContractSubscriptionsAnswer:
    """Let a contract rest: no period starts in a pause (F030, P10).

    What runs or is billed when it begins stays. The article says whether the rest of a period is
    billed after it, and whether the term grows.
    """
    given = call.body
    pause_subscription(
        call.tx,
        call.tenant,
        call.path["contractNumber"],
        Pause(given.start, given.end, given.reason),
        subscription=given.subscription,
        projects=call.access.projects,
    )
    return _answer(call)


@CONTRACT_PAUSES.post(f"{_ONE}/resume", Scope.CONTRACTS_WRITE)
def contract_resume(call: Call[Nothing, ResumeFields]) -> ContractSubscriptionsAnswer:
    """End the open pause of a contract (F030)."""
    resume_subscription(
        call.tx,
        call.tenant,
        call.path["contractNumber"],
        on=call.body.on,
        subscription=call.body.subscription,
        projects=call.access.projects,
    )
    return _answer(call)


def _answer(call: Call[Any, Any]) -> ContractSubscriptionsAnswer:
    number = call.path["contractNumber"]
    found = contract_subscriptions(call.tx, number, call.access.projects)
    return ContractSubscriptionsAnswer(
        contract_number=number,
        subscriptions=tuple(SubscriptionAnswer.of(one, call.today) for one in found),
    )
