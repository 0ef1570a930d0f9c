"""The background work of the simulated process: real jobs of the real queue, one after the other.

No thread, no waiting; what dies is taken over once its lease is over, as by another worker.
"""

import inspect
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from faktura.domain.jobs import Args, ClaimedJob, EndedJob, Finished, JobName, Outcome
from faktura.flows.job_context import JobContext
from faktura.flows.mail_sending import MailPump
from faktura.flows.mail_transport import MailTransport
from faktura.flows.retry import after_failure, after_loss
from faktura.flows.tasks import HANDLERS, SCHEDULE, Handler, start_what_is_due
from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import FakturaError, UnexpectedFailure
from faktura.store.job_queue import JobQueue
from faktura.testing.simulation.counting import Met
from faktura.testing.simulation.faults import Faults
from faktura.testing.simulation.mortality import Died, Process
from faktura.testing.simulation.virtual_loop import VirtualLoop

T = TypeVar("T")

_LEASE = timedelta(seconds=60)
_AT_A_TIME = 200
_MOST_ROUNDS = 5_000
_LONGEST_FUSE = 9


@dataclass(slots=True)
class Worker:
    """The process and its work; `rebuilt` makes what lives in memory anew after a crash."""

    context: JobContext
    rebuilt: Callable[[], JobContext]
    queue: JobQueue
    clock: FixedClock
    process: Process
    loop: VirtualLoop
    faults: Faults
    met: Met
    post: MailTransport
    _handlers: dict[JobName, Handler] = field(init=False, default_factory=dict)
    _begun: int = 0

    def __post_init__(self) -> None:
        self._handlers = {**HANDLERS, JobName.SEND_MAILS: self._send_mails}

    @property
    def name(self) -> str:
        """The worker's; each life of the process has its own."""
        return f"simulated-{self.met.counters.crashes}"

    def work(self, names: Collection[JobName]) -> None:
        """Start what of these is due by the clock, and do all jobs that are due, until none is."""
        schedule = {name: SCHEDULE[name] for name in names}
        self.survive(lambda: start_what_is_due(self.context.database, schedule))
        self.finish()

    def finish(self) -> None:
        """Do all jobs that are due, until none is."""
        for _ in range(_MOST_ROUNDS):
            claimed = self.queue.claim(self.name, _AT_A_TIME, _LEASE)
            if not claimed:
                return
            # The engines hand them out in orders of their own.
            self._do(sorted(claimed, key=lambda job: (job.name.value, job.id)))
        raise UnexpectedFailure("the simulated jobs come to no end")

    def survive(self, act: Callable[[], T]) -> T:
        """Do what may be begun anew; as often as the process dies of it."""
        while True:
            self._light()
            try:
                done = act()
            except Died:
                self._restart()
            else:
                self._put_out()
                return done

    def once(self, act: Callable[[list[Callable[[], None]]], None]) -> None:
        """Do what is one transaction; committed, it is not done again though the process died behind it.

        `act` adds what people remember of it to the list it is given. Raises what it raises.
        """
        told: list[Callable[[], None]] = []
        while True:
            self._light()
            try:
                act(told)
            except Died:
                if not self.process.has_committed:
                    told.clear()
                    self._restart()
                    continue
                self._restart()
            self._put_out()
            for remember in told:
                remember()
            return

    def _do(self, jobs: list[ClaimedJob]) -> None:
        ended: list[EndedJob] = []
        for job in jobs:
            self.met.counters.jobs[job.name.value] += 1
            self._light()
            outcome = self._outcome(job)
            if self.process.is_dead:
                # What had ended and was not written down yet is lost as well.
                self._restart()
                return
            self._put_out()
            ended.append((job, outcome))
        self.queue.settle(ended)

    def _outcome(self, job: ClaimedJob) -> Outcome:
        handler = self._handlers[job.name]
        try:
            result = handler(self.context, job.tenant_id, job.args)
            if inspect.iscoroutine(result):
                self.loop.run_until_complete(result)
        except Exception as error:
            if not isinstance(error, FakturaError) and not self.process.is_dead:
                raise
            return after_failure(job, error, self.clock.now())
        except BaseException:
            if not self.process.is_dead:
                raise
        return Finished()

    def _light(self) -> None:
        self._begun += 1
        fuse = None
        if self.met.chance.happens(self.faults.crash, "crash", self._begun):
            fuse = self.met.chance.between(1, _LONGEST_FUSE, "fuse", self._begun)
        self.process.begin(fuse)

    def _put_out(self) -> None:
        self.process.fuse = None

    def _restart(self) -> None:
        """Another process takes over: memory is empty, jobs of the dead one come back by their lease."""
        self.loop.bury()
        self.process.start_again()
        self.met.counters.crashes += 1
        self.context = self.rebuilt()
        self.clock.advance(_LEASE + timedelta(seconds=1))
        while lost := self.queue.adopt(self.name, _AT_A_TIME, _LEASE):
            now = self.clock.now()
            self.queue.settle([(job, after_loss(job, now)) for job in lost])

    async def _send_mails(self, context: JobContext, tenant_id: int, _args: Args) -> None:
        async def opened() -> MailTransport:
            return self.post

        await MailPump(context, tenant_id, opened).run()
