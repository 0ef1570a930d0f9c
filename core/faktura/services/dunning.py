"""The dunning run's transactions: plan it, dun one chunk, close it (F084).

A chunk is a range of whole customers. A customer who cannot be dunned is kept with the reason and
the rest goes on; running again on the same day writes to nobody twice.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from faktura.domain.customers import Customer
from faktura.domain.dunning import Case, Decision, Notice
from faktura.domain.dunning_plan import Rules, decide
from faktura.domain.numbering import could_meet
from faktura.domain.run_chunks import Chunk, Chunked, chunked
from faktura.domain.tenants import Tenant
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.dunning_terms import DunningHold
from faktura.kernel.errors import Conflict, FakturaError
from faktura.kernel.terms import RunState
from faktura.services.base_rates import base_rates
from faktura.services.dunning_cases import read_cases
from faktura.services.dunning_writing import NoticeDesk, write_all
from faktura.store.customers import lock_customers, read_customers_by_id
from faktura.store.dunning import (
    DunningRun,
    chunks_to_do,
    claim_chunk,
    finish_chunk,
    lock_plan,
    read_run,
    run_of_day,
    write_failures,
    write_run,
)
from faktura.store.dunning_candidates import customers_of_chunk, overdue_documents
from faktura.store.numbers import DUNNING, ranges
from faktura.store.tasks import ask_each
from faktura.store.tenants import DEFAULT_FORMATS, ensure_range
from faktura.store.transaction import Tx

DOCUMENTS_A_CHUNK = 500


@dataclass(frozen=True, slots=True)
class PlannedDunning:
    """A run that is recorded and has these chunks left to do."""

    run: DunningRun
    chunks: tuple[Chunk, ...]
    resumed: bool


@dataclass(frozen=True, slots=True)
class DunningDone:
    """What one chunk did: documents held by reason, customers failed with why."""

    customers: int = 0
    notices: tuple[Notice, ...] = ()
    holds: Mapping[DunningHold, int] = field(default_factory=dict)
    failures: tuple[tuple[UUID, FakturaError], ...] = ()

    def __add__(self, other: "DunningDone") -> "DunningDone":
        """Both together."""
        return DunningDone(
            self.customers + other.customers,
            self.notices + other.notices,
            dict(Counter(self.holds) + Counter(other.holds)),
            self.failures + other.failures,
        )

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Customers, notices, documents held, customers failed."""
        return self.customers, len(self.notices), sum(self.holds.values()), len(self.failures)


def plan_dunning(tx: Tx, tenant: Tenant, run_date: date) -> PlannedDunning:
    """Record a run of that day, or take up the unfinished one.

    Where nobody is left to write to, the day's finished run is given back. One streamed pass over what
    is overdue; the input hash covers each document with what is open of it.
    """
    lock_plan(tx, run_date)
    interrupted = run_of_day(tx, run_date, RunState.RUNNING)
    if interrupted is not None:
        return PlannedDunning(interrupted, tuple(chunks_to_do(tx, interrupted.id)), resumed=True)
    ensure_numbers(tx)
    policy = tenant.dunning
    overdue = overdue_documents(tx, run_date) if policy.levels else ()
    found = dunning_chunks(overdue)
    finished = None if found.chunks else run_of_day(tx, run_date, RunState.DONE)
    if finished is not None:
        return PlannedDunning(finished, (), resumed=True)
    run = DunningRun(tx.new_id(), run_date, policy, found.customers)
    write_run(tx, run, found.input_hash, found.chunks)
    return PlannedDunning(run, tuple(found.chunks), resumed=False)


def planned_dunning(tx: Tx, run_id: UUID) -> PlannedDunning:
    """A recorded run with the chunks it has left to do; raises NotFound."""
    return PlannedDunning(read_run(tx, run_id), tuple(chunks_to_do(tx, run_id)), resumed=True)


def ensure_numbers(tx: Tx) -> None:
    """Start the range of charges in a tenant older than it; raises Conflict where it cannot (P22)."""
    own = ranges(tx)
    if any(one.name == DUNNING for one in own):
        return
    prefix = DEFAULT_FORMATS[DUNNING]
    for one in own:
        if could_meet(one.format, prefix):
            raise Conflict(
                f"the range {one.name} writes numbers as charges of dunning would (P22)",
                place="tenant.numberRanges",
                mend=f"Start the range {DUNNING} with a prefix of its own",
            )
    ensure_range(tx, DUNNING)


def dunning_chunks(overdue: Iterable[tuple[UUID, UUID, int]]) -> Chunked:
    """Ranges of whole customers of about 500 documents.

    `overdue` gives customer, document and what is open, by customer.
    """
    entries = (
        (customer_id, document_id.bytes + str(minor).encode())
        for customer_id, document_id, minor in overdue
    )
    return chunked(entries, DOCUMENTS_A_CHUNK)


def dun_chunk(tx: Tx, tenant: Tenant, run: DunningRun, chunk: Chunk) -> DunningDone:
    """Dun the customers of a chunk; all of it or, after a crash, nothing."""
    if not claim_chunk(tx, run.id, chunk.no):
        return DunningDone()
    done = dun_range(tx, tenant, run, chunk)
    close_dunning(tx, run, chunk, done)
    return done


def dun_range(tx: Tx, tenant: Tenant, run: DunningRun, chunk: Chunk) -> DunningDone:
    """Dun a range of customers, whatever became of the chunk it belongs to."""
    ids = customers_of_chunk(tx, chunk, run.run_date)
    lock_customers(tx, ids)
    rules = Rules(run.policy, tenant.currency, base_rates(tx), run.run_date)
    cases = read_cases(tx, ids, rules)
    customers = read_customers_by_id(tx, cases)
    desk = NoticeDesk(tenant, run)
    decided, failures = _decided(desk, cases, customers, rules)
    notices = tuple(one.notice for one in decided if one.notice is not None)
    write_all(tx, desk, notices, customers)
    write_failures(tx, run.id, ids, failures)
    _ask_about(tx, decided)
    holds = Counter(hold for one in decided for hold in one.held.values())
    return DunningDone(len(cases), notices, dict(holds), tuple(failures))


def hold_back(tx: Tx, run: DunningRun, chunk: Chunk, error: FakturaError) -> DunningDone:
    """Keep why nobody of a range is dunned: the database does not take what would be written."""
    ids = customers_of_chunk(tx, chunk, run.run_date)
    failures = tuple((customer_id, error) for customer_id in ids)
    write_failures(tx, run.id, ids, failures)
    return DunningDone(len(ids), failures=failures)


def close_dunning(tx: Tx, run: DunningRun, chunk: Chunk, done: DunningDone) -> None:
    """Record that a chunk is done and what it did."""
    finish_chunk(tx, run.id, chunk.no, done.counts)


def _decided(
    desk: NoticeDesk,
    cases: Mapping[UUID, Sequence[Case]],
    customers: Mapping[UUID, Customer],
    rules: Rules,
) -> tuple[list[Decision], list[tuple[UUID, FakturaError]]]:
    """What becomes of each case; of a customer all of them or, where one fails, none."""
    decided: list[Decision] = []
    failures: list[tuple[UUID, FakturaError]] = []
    for customer_id, own in cases.items():
        customer = customers[customer_id]
        try:
            found = [decide(case, rules) for case in own]
            for one in found:
                if one.notice is not None:
                    desk.check(one.notice, customer)
        except FakturaError as error:
            failures.append((customer_id, error.at(f"customer {customer.number}")))
        else:
            decided += found
    return decided, failures


def _ask_about(tx: Tx, decided: Sequence[Decision]) -> None:
    """Ask a person, once a document, what is to be done when the last level was of no avail."""
    problems = {
        f"document {one.number}": f"{one.number} is overdue since {one.due_on}, and its last dunning"
        f" level of {one.reached.dunned_on} is over: decide about collection or writing it off"
        for decision in decided
        for one in decision.exhausted
    }
    ask_each(tx, TaskKind.DUNNING_EXHAUSTED, problems, ever=True)
