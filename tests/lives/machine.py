"""A contract's life: what happens to it, step by step, and what is written down about it.

A step has a word and four numbers that choose among what is possible when it comes; so any list of
steps is a life, and a shorter list is one too. A named error is a lawful refusal: nothing may have
changed then.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from tests.lives.audit import audit, credit_was_used, nothing_came_early
from tests.lives.books import Books, LineKey, read_books
from tests.lives.day_table import Cycle
from tests.lives.records import ContractRecord, ItemRecord
from tests.lives.world import World

from faktura.kernel.errors import FakturaError
from faktura.services.verification import PROOFS, prove
from faktura.store.transaction import Tx

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """What happens, after `wait` days; the other numbers choose when, to what and how."""

    what: str
    wait: int = 0
    day: int = 0
    item: int = 0
    how: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """The contract as it is made, and what happens to it.

    An item is the number of its offer, its quantity, and for how many days another system billed it.
    """

    start: date
    interval: Cycle
    in_advance: bool
    convention: str
    items: tuple[tuple[int, int, int | None], ...]
    payment_after: int | None
    term: int | None
    steps: tuple[Step, ...]


@dataclass
class Life:
    """One contract, and those that succeed it, from conclusion to end."""

    world: World
    today: date
    thorough: bool = False
    records: list[ContractRecord] = field(init=False, default_factory=list)
    credits: dict[LineKey, int] = field(init=False, default_factory=dict)
    paid: int = field(init=False, default=0)
    counts: Counter[str] = field(init=False, default_factory=Counter)
    story: list[str] = field(init=False, default_factory=list)
    refusals: list[str] = field(init=False, default_factory=list)
    books: Books = field(init=False)

    @property
    def record(self) -> ContractRecord:
        """The contract that goes on."""
        return self.records[-1]

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """One transaction, as a door opens it."""
        with self.world.database.write(self.world.tenant.id) as tx:
            yield tx

    def take(self, step: Step, act: "Act") -> None:
        """Let a step happen, or be refused, and look at the books."""
        self.today += step.wait * _DAY
        self.keep_time()
        before = getattr(self, "books", None)
        try:
            told = act(self, step)
        except FakturaError as refusal:
            self.counts[f"{step.what} refused"] += 1
            told = "; ".join(map(str, refusal.parts)) or str(refusal)
            self.refusals.append(f"{step.what}: {told}")
            self.tell(f"{step.what} refused: {told} ({step})")
        else:
            self.counts[step.what] += 1
            self.tell(f"{step.what} {told}")
        self.check()
        if before is not None:
            credit_was_used(self.books, before)
            nothing_came_early(self.books, before, self.records, self.today)

    def keep_time(self) -> None:
        """Set the clock to the morning of the day."""
        clock = self.world.clock
        clock.advance(datetime.combine(self.today, time(6), UTC) - clock.now())

    def tell(self, what: str) -> None:
        """Add to the story that is shown when a life fails."""
        self.story.append(f"{self.today} {what}")

    def read(self) -> Books:
        """The books as they stand."""
        with self.world.database.read(self.world.tenant.id) as tx:
            return read_books(tx)

    def check(self) -> None:
        """Hold the books against the day table."""
        self.books = self.read()
        audit(self.books, self.records, self.credits, self.paid)
        if self.thorough:
            self.verify()

    def verify(self) -> None:
        """What `faktura verify` finds in the rows: nothing."""
        with self.world.database.read(self.world.tenant.id) as tx:
            found = [str(one) for proof in PROOFS for one in prove(tx, proof)]
        assert not found, found

    def adopt(self, record: ContractRecord, expected: list[ItemRecord]) -> None:
        """Find the ids of new items, which must be the expected ones, each once."""
        rows = self.read().items.values()
        new = [row for row in rows if row.contract_id == record.id and row.id not in record.items]
        for item in expected:
            article = self.world.articles[item.offer.number]
            wanted = article, item.quantity, item.anchor, item.start, item.until
            found = [
                row
                for row in new
                if (row.article_id, row.quantity, row.anchor, row.start, row.until) == wanted
            ]
            assert found, f"no new item is {wanted}: {new}"
            new.remove(found[0])
            record.items[found[0].id] = item
        assert not new, f"items nobody asked for: {new}"


Act = Callable[[Life, Step], str]
Acts = Mapping[str, Act]


def running(record: ContractRecord) -> list[UUID]:
    """Items that have any days, in the order in which they came."""
    return [key for key, item in record.items.items() if item.runs_behind(item.start)]


def chosen(record: ContractRecord, step: Step) -> UUID:
    """The item that a step is about."""
    ids = running(record) or list(record.items)
    return ids[step.item % len(ids)]


def chosen_day(life: Life, step: Step) -> date:
    """A day up to ten weeks ago or six weeks ahead; often the first day of one of its periods."""
    record = life.record
    day = life.today + (step.day - 70) * _DAY
    item = record.items[chosen(record, step)]
    day = max(day, item.start if step.day % 7 else record.start)
    if step.day % 3 == 0 or record.convention == "NONE":
        return max(item.start, item.offer.cycle(record.interval).around(item.anchor, day)[0])
    return day
