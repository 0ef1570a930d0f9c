"""Changes of mind one after the other, with everything that they write (O11).

Tried out, they are the same acts in a transaction that is rolled back: nothing is imitated, so that
carrying them out on the same day gives the same documents and postings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from faktura.domain.contracts import Contract
from faktura.domain.pauses import Pause
from faktura.kernel.errors import FieldInvalid
from faktura.kernel.money import Money
from faktura.services.billing import bill_chunk, plan_run
from faktura.services.billing_runs import check_run_date
from faktura.services.catalogue_changes import visible_article
from faktura.services.contracts import add_activity
from faktura.services.imports.change_fields import RunFields, WhatIfStep
from faktura.services.imports.prices import add_prices_of
from faktura.services.interim_billing import bill_interim
from faktura.services.issuing import Desk
from faktura.services.large_upgrades import upgrade_large
from faktura.services.pausing import pause_subscription, resume_subscription
from faktura.services.termination import terminate_contract
from faktura.services.upgrades import Asked, align_cycle, upgrade_small
from faktura.services.visible_contracts import locked_contracts
from faktura.store.articles import lock_articles
from faktura.store.billing import Scope, claim_chunk
from faktura.store.catalogue import CurrentCatalogue
from faktura.store.contract_neighbours import successors_of
from faktura.store.contracts import read_contract
from faktura.store.numbers import hold_ranges
from faktura.store.rehearsals import Written, mark, written_since
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class StepsTaken:
    """What steps wrote about the contract's customer, and how much more they owe for it.

    `contract` is as it stands after them.
    """

    contract: Contract
    written: Written
    difference: Money


def take_steps(tx: Tx, desk: Desk, asked: Asked, steps: Sequence[WhatIfStep]) -> StepsTaken:
    """Take the steps one after the other, as on the day that is asked for.

    Raises what a step raises; the transaction must not be committed then.
    """
    contract = _all_locked(tx, asked, steps)
    before = mark(tx, contract.customer_id, contract.currency)
    for no, step in enumerate(steps, 1):
        _take(tx, desk, asked, step, place=f"changes.{no}")
    written = written_since(tx, contract.customer_id, before)
    after = read_contract(tx, asked.number)
    return StepsTaken(after, written, written.balance - before.balance)


def _all_locked(tx: Tx, asked: Asked, steps: Sequence[WhatIfStep]) -> Contract:
    """The contract, with everything locked that steps might lock in another order than acts do."""
    if len(steps) > 1:
        lock_articles(tx, [one.prices.article_number for one in steps if one.prices is not None])
    contract = locked_contracts(tx, [asked.number], asked.projects)[0]
    if len(steps) > 1:
        hold_ranges(tx)
    return contract


def _take(tx: Tx, desk: Desk, asked: Asked, step: WhatIfStep, *, place: str) -> None:
    given = [name for name in WhatIfStep.model_fields if getattr(step, name) is not None]
    if len(given) != 1:
        raise FieldInvalid(
            f"a step is one change, not {len(given)} (O11)",
            place=place,
            mend="Give exactly one of its fields; write a step for each change",
        )
    if step.billing_run is not None:
        _bill_as_a_run(tx, desk, asked, step.billing_run, place=place)
    elif step.interim_billing is not None:
        day = _run_day(step.interim_billing, asked.on, place=place)
        bill_interim(tx, desk, asked.number, day, asked.projects)
    elif not _upgrade(tx, desk, asked, step):
        _record(tx, desk, asked, step)


def _upgrade(tx: Tx, desk: Desk, asked: Asked, step: WhatIfStep) -> bool:
    """Take a step that changes the contract with documents; False for any other."""
    if step.small_upgrade is not None:
        upgrade_small(tx, desk, asked, step.small_upgrade)
    elif step.large_upgrade is not None:
        upgrade_large(tx, desk, asked, step.large_upgrade)
    elif step.align_cycle is not None:
        align_cycle(tx, desk, asked, step.align_cycle)
    elif step.terminate is not None:
        terminate_contract(tx, desk, asked, step.terminate)
    else:
        return False
    return True


def _record(tx: Tx, desk: Desk, asked: Asked, step: WhatIfStep) -> None:
    """Take a step that makes no document by itself."""
    tenant, number, projects = desk.tenant, asked.number, asked.projects
    if step.pause is not None:
        pause = Pause(step.pause.start, step.pause.end, step.pause.reason)
        pause_subscription(
            tx, tenant, number, pause, subscription=step.pause.subscription, projects=projects
        )
    elif step.resume is not None:
        resume_subscription(
            tx,
            tenant,
            number,
            on=step.resume.on,
            subscription=step.resume.subscription,
            projects=projects,
        )
    elif step.activity is not None:
        add_activity(tx, tenant, number, step.activity, projects)
    elif step.prices is not None:
        visible_article(tx, step.prices.article_number, projects)
        add_prices_of(tx, tenant, step.prices.article_number, step.prices.new_prices)


def _run_day(given: RunFields, today: date, *, place: str) -> date:
    check_run_date(given.date, today, field=f"{place}.date")
    return given.date


def _bill_as_a_run(tx: Tx, desk: Desk, asked: Asked, given: RunFields, *, place: str) -> None:
    """Bill the contract, and those that follow it, as a run of that day would."""
    day = _run_day(given, asked.on, place=place)
    contract = locked_contracts(tx, [asked.number], asked.projects)[0]
    for contract_id in (contract.id, *successors_of(tx, contract.id)):
        run = plan_run(tx, day, Scope(contract_id=contract_id)).record
        while (chunk := claim_chunk(tx, run.id, after=0, wait=True)) is not None:
            bill_chunk(tx, desk, CurrentCatalogue(), run, chunk)
