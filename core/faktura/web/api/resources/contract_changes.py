"""Changes of mind about a contract: up- and downgrades, alignment, termination; and what-if."""

import asyncio
from typing import Any

from faktura.domain.api_keys import Scope
from faktura.flows.what_if import what_if
from faktura.services.imports.change_fields import (
    AlignFields,
    LargeUpgradeFields,
    SmallUpgradeFields,
    TerminateFields,
    WhatIfFields,
)
from faktura.services.issuing import Desk
from faktura.services.large_upgrades import upgrade_large
from faktura.services.termination import terminate_contract
from faktura.services.upgrades import Asked, Changed, align_cycle, upgrade_small
from faktura.web.api.call import Call, Flow, Nothing
from faktura.web.api.operation import Resource
from faktura.web.api.resources.contract_change_answers import ContractChangeAnswer, WhatIfAnswer

CONTRACT_CHANGES = Resource(
    "ContractChanges",
    "Changes of mind: what was billed beyond them is taken back and billed again.",
)

_ONE = "/Contracts/{contractNumber}"


@CONTRACT_CHANGES.post(f"{_ONE}/smallUpgrade", Scope.CONTRACTS_WRITE)
def contract_small_upgrade(call: Call[Nothing, SmallUpgradeFields]) -> ContractChangeAnswer:
    """Change items or quantities from a day on, past or future (F068, F070).

    Every billed period of the items that contains the day or lies after it is taken back by a
    correction and billed again, in one invoice (F071).
    """
    return _answer(call, upgrade_small(call.tx, _desk(call), _asked(call), call.body))


@CONTRACT_CHANGES.post(f"{_ONE}/largeUpgrade", Scope.CONTRACTS_WRITE)
def contract_large_upgrade(call: Call[Nothing, LargeUpgradeFields]) -> ContractChangeAnswer:
    """Change the frame: the contract ends on the day and a successor follows (F069, F072)."""
    return _answer(call, upgrade_large(call.tx, _desk(call), _asked(call), call.body))


@CONTRACT_CHANGES.post(f"{_ONE}/alignCycle", Scope.CONTRACTS_WRITE)
def contract_align_cycle(call: Call[Nothing, AlignFields]) -> ContractChangeAnswer:
    """Count service periods from another day on, whether billed or not (F029)."""
    return _answer(call, align_cycle(call.tx, _desk(call), _asked(call), call.body))


@CONTRACT_CHANGES.post(f"{_ONE}/terminate", Scope.CONTRACTS_WRITE)
def contract_terminate(call: Call[Nothing, TerminateFields]) -> ContractChangeAnswer:
    """End the contract by notice, or on another day on purpose (F013, F033).

    It is TERMINATED until the end, then ENDED once everything up to it is billed.
    """
    return _answer(call, terminate_contract(call.tx, _desk(call), _asked(call), call.body))


@CONTRACT_CHANGES.post(f"{_ONE}/whatIf", Scope.CONTRACTS_READ)
async def contract_what_if(call: Flow[Nothing, WhatIfFields]) -> WhatIfAnswer:
    """What changes would bill, credit and post if they were carried out today; nothing is written.

    Several changes are taken one after the other. Carried out on the same day, they give the same.
    """
    number = call.path["contractNumber"]
    found = await asyncio.to_thread(
        what_if,
        call.app.database,
        call.tenant,
        call.app.adapters.formats(call.tenant.id),
        Asked(number, call.today, call.access.projects),
        call.body.changes,
    )
    return WhatIfAnswer.of(found)


def _asked(call: Call[Any, Any]) -> Asked:
    return Asked(call.path["contractNumber"], call.today, call.access.projects)


def _desk(call: Call[Any, Any]) -> Desk:
    return Desk(call.tenant, call.app.adapters.formats(call.tenant.id))


def _answer(call: Call[Any, Any], changed: Changed) -> ContractChangeAnswer:
    return ContractChangeAnswer.of(call.tx, changed, call.access.projects)
