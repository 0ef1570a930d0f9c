"""The cases of a dunning run: what customers owe, what holds it, and what may be charged for it.

Read under the customers' locks: what was paid meanwhile is on no notice (P36).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from faktura.domain.dunning import DUNNED, Case, Debtor, OpenCharge, OverdueDocument
from faktura.domain.dunning_interest import Owed
from faktura.domain.dunning_plan import Rules, next_level, raised
from faktura.domain.dunning_policies import DunningLevel
from faktura.kernel.dunning_terms import DunningHold, InterestRule
from faktura.kernel.terms import DocumentKind
from faktura.services.choosing_means import left_to_transfer
from faktura.store.collectable import disputed_documents
from faktura.store.dunning_candidates import (
    Movement,
    OpenOfCustomer,
    debtors_of,
    first_notices,
    in_running_debits,
    movements_of,
    open_of_customers,
    to_be_tried_again,
    unused_credit,
)
from faktura.store.dunning_stops import stopped
from faktura.store.transaction import Tx

_DAY = timedelta(days=1)


def read_cases(tx: Tx, customer_ids: Sequence[UUID], rules: Rules) -> dict[UUID, list[Case]]:
    """The cases of these customers, by customer; nobody else writes to their accounts meanwhile."""
    rows = open_of_customers(tx, customer_ids)
    overdue = [row.document.id for row in rows if _is_overdue(row, rules.on)]
    moved = movements_of(tx, overdue)
    holds = _holds(tx, overdue, moved, rules)
    unused = unused_credit(tx, customer_ids)
    cases: list[Case] = []
    for (customer_id, currency), own in _by_account(rows, rules.on).items():
        credit = unused.get((customer_id, currency), 0)
        case = _case(own, credit, holds, rules)
        if case.documents:
            cases.append(case)
    found: dict[UUID, list[Case]] = {}
    for case in _with_what_is_charged(tx, cases, moved, rules):
        found.setdefault(case.customer_id, []).append(case)
    return found


def _is_overdue(row: OpenOfCustomer, on: date) -> bool:
    return row.kind in DUNNED and row.document.open > 0 and row.document.is_overdue(on)


def _by_account(
    rows: Iterable[OpenOfCustomer], on: date
) -> Mapping[tuple[UUID, str], list[OpenOfCustomer]]:
    """All that is open, by customer and currency."""
    found: dict[tuple[UUID, str], list[OpenOfCustomer]] = {}
    for row in rows:
        found.setdefault((row.document.customer_id, row.currency), []).append(row)
    return found


def _case(
    own: Sequence[OpenOfCustomer], unused: int, holds: Mapping[UUID, DunningHold], rules: Rules
) -> Case:
    documents = tuple(row.document for row in own if _is_overdue(row, rules.on))
    return Case(
        own[0].document.customer_id,
        own[0].currency,
        documents,
        unused - sum(row.document.open for row in own if row.document.open < 0),
        tuple(
            OpenCharge(row.document.number, row.document.open)
            for row in own
            if row.kind is DocumentKind.DUNNING and row.document.open > 0
        ),
        {one.id: holds[one.id] for one in documents if one.id in holds},
    )


def _holds(
    tx: Tx, overdue: Sequence[UUID], moved: Mapping[UUID, Sequence[Movement]], rules: Rules
) -> dict[UUID, DunningHold]:
    """Why documents are left out (P33); of several reasons the one that a person set, then a debit."""
    rests_since = rules.on - rules.policy.grace_days * _DAY
    grace = {
        document_id
        for document_id, movements in moved.items()
        if any(one.is_taken_back and one.value_date > rests_since for one in movements)
    }
    found = dict.fromkeys(grace, DunningHold.GRACE)
    found |= dict.fromkeys(disputed_documents(tx, overdue), DunningHold.DISPUTED)
    found |= dict.fromkeys(_collected(tx, overdue), DunningHold.DEBIT_RUNNING)
    return found | dict.fromkeys(stopped(tx, rules.on, overdue), DunningHold.STOPPED)


def _collected(tx: Tx, overdue: Sequence[UUID]) -> set[UUID]:
    """Which documents a debit runs for, or another one is to follow a failed one (P42).

    None follows where the customer pays by transfer meanwhile.
    """
    again = to_be_tried_again(tx, overdue)
    return in_running_debits(tx, overdue) | (again - left_to_transfer(tx, sorted(again)))


def _with_what_is_charged(
    tx: Tx, cases: Sequence[Case], moved: Mapping[UUID, Sequence[Movement]], rules: Rules
) -> list[Case]:
    """The cases with who owes the documents that cost something now, and what was open of them."""
    charging = {
        document.id: document
        for case in cases
        for document in raised(case, rules)
        if _charges(rules, document)
    }
    debtors = _debtors(tx, charging)
    owed = {key: _owed(one, moved.get(key, ())) for key, one in charging.items()}
    return [
        replace(
            case,
            debtors={one.id: debtors[one.id] for one in case.documents if one.id in debtors},
            owed={one.id: owed[one.id] for one in case.documents if one.id in owed},
        )
        for case in cases
    ]


def _debtors(tx: Tx, charging: Mapping[UUID, OverdueDocument]) -> dict[UUID, Debtor]:
    """Who owes these documents; of a consumer also when the first notice of several came."""
    found = debtors_of(tx, list(charging))
    reminded = [
        key
        for key, one in found.items()
        if not one.is_business and one.was_told and charging[key].reached.level > 1
    ]
    first = first_notices(tx, reminded)
    return found | {key: replace(found[key], reminded_on=first[key]) for key in reminded}


def _charges(rules: Rules, document: OverdueDocument) -> bool:
    level = next_level(document, rules.policy.levels)
    return level is not None and costs_something(rules.policy.levels[level - 1])


def costs_something(level: DunningLevel) -> bool:
    """Whether a level asks for more than what is open."""
    return bool(level.fee) or level.flat or level.interest is not InterestRule.NONE


def _owed(document: OverdueDocument, movements: Iterable[Movement]) -> tuple[Owed, ...]:
    """What was open day by day: of the day on which money came it is owed still (§ 188 Abs. 1 BGB).

    What a correction took off was never owed, whenever it was written.
    """
    moved = tuple(movements)
    minor = document.gross - sum(one.minor for one in moved if one.corrects)
    steps = [Owed(document.issued_on, minor)]
    for one in moved:
        if not one.corrects:
            minor -= one.minor
            steps.append(Owed(one.value_date + _DAY, minor))
    return tuple(steps)
