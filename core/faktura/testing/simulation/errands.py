"""What people do in a simulated company day by day, through the flows that their commands call."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO

from faktura.domain.tenants import Tenant
from faktura.flows.billing import run_billing
from faktura.flows.debit_files import Debits
from faktura.flows.exports import export_entries, find_batch
from faktura.flows.job_context import JobContext
from faktura.flows.statements import Bank as OurBank
from faktura.flows.statements import import_statements
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.errors import FakturaError
from faktura.kernel.payment_terms import FileState
from faktura.services.debit_files import hand_in
from faktura.services.dismissal import dismiss
from faktura.services.exports import ExportRequest
from faktura.services.imports.price_fields import NewPricesFields
from faktura.services.imports.prices import add_prices_of
from faktura.services.issuing import Desk
from faktura.store.debit_files import list_files
from faktura.store.movement_lists import Direction, MovementFilter, list_movements
from faktura.testing.simulation import bank_adapter, books_export
from faktura.testing.simulation.bank import Bank
from faktura.testing.simulation.books_export import rows_of
from faktura.testing.simulation.chance import Chance
from faktura.testing.simulation.company import OFFERED, raised
from faktura.testing.simulation.counting import Met
from faktura.testing.simulation.faults import Faults
from faktura.testing.simulation.newcomers import Newcomer, bring_in
from faktura.testing.simulation.outside import DatevBooks, TakenBatch
from faktura.testing.simulation.wishes import Calendar, Counter, Life, kind_of
from faktura.testing.simulation.working import Worker

_DAY = timedelta(days=1)
_EXPORT_DAY = 5
_RECENT_FILES = 10
_RAISED_PERCENT = 4
_GIVEN_UP_AFTER, _MOST_GIVEN_UP = timedelta(days=30), 1_000


@dataclass(slots=True)
class Errands:
    """The people of the company; what the process dies of they do again, as its receipts tell them to."""

    worker: Worker
    tenant: Tenant
    chance: Chance
    calendar: Calendar
    bank: Bank
    datev: DatevBooks
    faults: Faults
    met: Met
    started: date
    _statements: int = 0

    @property
    def context(self) -> JobContext:
        """What the living process has."""
        return self.worker.context

    def bill(self, today: date) -> None:
        """The billing run of the day; cut off, it is taken up."""
        self.worker.survive(lambda: self._bill(today))

    def fetch_statement(self, today: date) -> None:
        """Yesterday's statement, or what was booked since the last one; now and then once more."""
        new = self.bank.entries[self.bank.books.told :]
        if not new:
            return
        self._statements += 1
        balance = self.bank.books.balance
        at = self.context.database.clock.now()
        iban = self.bank.books.iban
        content = bank_adapter.statement_of(self._statements, iban, new, (balance, today), at)
        again = self.met.happens(self.faults.statement_twice, "statement_twice", today)
        for _ in range(2 if again else 1):
            self.worker.survive(lambda: self._import(content))
        self.bank.books.told = len(self.bank.entries)

    def file_debits(self) -> None:
        """Files of the debits that wait, handed to the bank; a file that has it already is only noted."""
        self.worker.survive(self._file_debits)

    def export(self, today: date) -> None:
        """Last month to the accounting, once a month, with what came late for months before it."""
        if today.day != _EXPORT_DAY:
            return
        end = today.replace(day=1) - _DAY
        if end < self.started:
            return
        first = self.started.replace(day=1)
        self.worker.survive(lambda: self._export(ExportRequest(first, end)))
        self._hand_over(today)

    def hear_wishes(self, today: date) -> None:
        """What customers wish of their contracts today; a named error is a lawful refusal."""
        for life in self.calendar.due(today):
            kind = kind_of(self.chance, life)
            try:
                self.worker.once(self._hearing(kind, life, today))
            except FakturaError as refusal:
                self.met.counters.refused[f"{kind}: {refusal.code}"] += 1
            else:
                self.met.counters.acts[kind] += 1

    def clear_up(self, today: date) -> None:
        """On Mondays, of what came in weeks ago: nobody knows any more what it was paid for."""
        if today.weekday():
            return
        until = today - _GIVEN_UP_AFTER
        old = MovementFilter({MovementState.OPEN}, booked_until=until, direction=Direction.IN)

        def act(_told: list[Callable[[], None]]) -> None:
            with self.context.database.write(self.tenant.id) as tx:
                for movement in list_movements(tx, old, limit=_MOST_GIVEN_UP):
                    dismiss(tx, movement.id, "Niemand weiß, wofür es ist")

        self.worker.once(act)

    def welcome(self, newcomers: list[Newcomer], today: date) -> None:
        """New customers with their contracts."""

        def act(told: list[Callable[[], None]]) -> None:
            told.append(lambda: self._know(newcomers, today))
            with self.context.database.write(self.tenant.id) as tx:
                bring_in(tx, self.tenant, newcomers)

        if newcomers:
            self.worker.once(act)
            self.met.counters.acts["new contract"] += len(newcomers)

    def raise_prices(self, since: date) -> None:
        """List prices rise from that day on."""

        def act(_told: list[Callable[[], None]]) -> None:
            with self.context.database.write(self.tenant.id) as tx:
                for one in OFFERED:
                    price = {
                        "unitPrice": raised(one.price, _RAISED_PERCENT),
                        "validFrom": since.isoformat(),
                    }
                    given = NewPricesFields.model_validate({"prices": [price]})
                    add_prices_of(tx, self.tenant, one.number, given)

        self.worker.once(act)
        self.met.counters.acts["price change"] += 1

    def _bill(self, today: date) -> None:
        formats = self.context.adapters.formats(self.tenant.id)
        run_billing(self.context.database, self.tenant, formats, today)

    def _import(self, content: bytes) -> None:
        bank = OurBank(
            self.context.database, self.context.contents, self.context.adapters, self.tenant
        )
        name = f"statement-{self._statements}.txt"
        import_statements(bank, BytesIO(content), name, self.bank.books.iban)

    def _file_debits(self) -> None:
        context, tenant = self.context, self.tenant
        debits = Debits(context.database, context.contents, context.adapters, tenant)
        for filing in debits.filings():
            debits.make(filing)
            instance = filing.account.instance
            with context.database.read(tenant.id) as tx:
                files = list_files(tx, instance, limit=_RECENT_FILES)
            for file in reversed(files):
                if file.state is not FileState.MADE:
                    continue
                self.bank.take_file(context.contents.get(tenant.id, file.digest))
                self.worker.process.step()
                with context.database.write(tenant.id) as tx:
                    hand_in(tx, instance, file.no)

    def _export(self, request: ExportRequest) -> None:
        context = self.context
        exporter = context.adapters.exporter(self.tenant.id, books_export.NAME)
        export_entries(context.database, context.contents, self.tenant, exporter, request)

    def _hand_over(self, today: date) -> None:
        """All batches that are recorded and not there yet."""
        context = self.context
        while True:
            number = len(self.datev.batches) + 1
            try:
                batch = find_batch(context.database, self.tenant.id, books_export.NAME, number)
            except FakturaError:
                return
            rows = [
                row
                for file in batch.files
                for row in rows_of(context.contents.get(self.tenant.id, file.digest))
            ]
            self.datev.batches.append(TakenBatch(number, today, rows))

    def _hearing(
        self, kind: str, life: Life, today: date
    ) -> Callable[[list[Callable[[], None]]], None]:
        def act(told: list[Callable[[], None]]) -> None:
            context = self.context
            desk = Desk(self.tenant, context.adapters.formats(self.tenant.id))
            with context.database.write(self.tenant.id) as tx:
                at = Counter(tx, self.tenant, desk, today, self.chance, self.calendar)
                told.append(at.hear(kind, life))

        return act

    def _know(self, newcomers: list[Newcomer], today: date) -> None:
        for one in newcomers:
            count, unit = one.interval
            articles = tuple(article for article, _ in one.articles)
            self.calendar.add(Life(one.contract, unit, count, articles), max(today, one.start))
