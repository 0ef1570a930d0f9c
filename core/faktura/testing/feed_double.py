"""A bank feed in memory that can say no: it refuses wrong requests, loses answers, counts what it is asked."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import ClassVar

from pydantic import SecretStr
from typing_extensions import override

from faktura.kernel.bank_terms import FeedTaskKind, FeedTaskState
from faktura.kernel.errors import NotFound
from faktura.kernel.outside_errors import (
    AccountBroken,
    OutcomeUnknown,
    OutsideUnavailable,
    PersonNeeded,
)
from faktura.plugin import (
    BankFeed,
    FeedConnection,
    FeedForm,
    FeedPage,
    FeedTask,
    FeedUser,
    FormRequest,
)
from faktura.testing.feed_world import Do, DoubleConnection, FeedWorld, Killed

MOST_UNATTENDED = 4
_A_DAY = timedelta(days=1)
_PAGE = 2
_ENDS_AFTER = timedelta(minutes=10)


class DoubleFeed(BankFeed):
    """The feed of a world; `feed_class` makes one for a registry."""

    feed = "double"
    world: ClassVar[FeedWorld]

    @override
    async def create_user(self, tenant: str) -> FeedUser:
        """Make a user; each call makes another one."""
        with_effect = self._begins("create_user")
        name = f"{tenant}-{len(self.world.users) + 1}"
        self.world.users[name] = f"secret of {name}"
        self._ends(with_effect)
        return FeedUser(id=name, password=SecretStr(self.world.users[name]))

    @override
    async def begin_connection(self, user: FeedUser, request: FormRequest) -> FeedTask:
        """Open a form."""
        effect = self._begins("begin_connection", user)
        form = FeedForm(
            url=f"https://form.example/{len(self.world.tasks) + 1}",
            expires_at=self.world.clock.now() + timedelta(minutes=20),
        )
        task = self._new(FeedTaskKind.CONNECT, "", request, form)
        self._ends(effect)
        return task

    @override
    async def begin_update(
        self,
        user: FeedUser,
        connection: str,
        request: FormRequest,
        kind: FeedTaskKind = FeedTaskKind.UPDATE,
    ) -> FeedTask:
        """Ask the bank; refused while an update runs, and too often without a person."""
        effect = self._begins("begin_update", user)
        found = self._own(user, connection)
        now = self.world.clock.now()
        if self._still_runs(found, connection) or found.busy_looks:
            raise OutsideUnavailable("the connection is busy", retry_after=60)
        alone = [at for at, attended in found.updates if not attended and now - at < _A_DAY]
        is_attended = kind is FeedTaskKind.CREDENTIALS or request.attended is not None
        if not is_attended and len(alone) >= MOST_UNATTENDED:
            raise OutsideUnavailable("the bank was asked too often today")
        found.updates.append((now, is_attended))
        form = None
        if kind is FeedTaskKind.CREDENTIALS:
            form = FeedForm(url=f"https://form.example/{len(self.world.tasks) + 1}")
        task = self._new(kind, connection, request, form)
        if form is None and not self.world.looks:
            self.world.ask_bank(found, task.reference)
        self._ends(effect)
        return self.world.tasks[task.reference]

    @override
    async def look_up(self, user: FeedUser, task: FeedTask) -> FeedTask:
        """Where the task stands; a running one ends after the world's number of looks."""
        effect = self._begins("look_up", user)
        known = self.world.tasks.get(task.reference)
        if known is None:
            return task
        if known.state is FeedTaskState.FORM_NEEDED and self.world.visitor is not None:
            self.world.visitor(task.reference)
        looked = self.world.looked[task.reference] = self.world.looked.get(task.reference, 0) + 1
        if known.state is FeedTaskState.RUNNING and looked >= self.world.looks:
            self.world.ask_bank(self._own(user, known.connection), known.reference)
        self._ends(effect)
        return self.world.tasks[task.reference]

    @override
    async def connections(self, user: FeedUser) -> Sequence[FeedConnection]:
        """All of the user's; a busy one is less busy after each look."""
        effect = self._begins("connections", user)
        found = []
        for one in self.world.connections.values():
            if one.user == user.id:
                found.append(one.state.model_copy(update={"is_busy": one.busy_looks > 0}))
                one.busy_looks = max(one.busy_looks - 1, 0)
        self._ends(effect)
        return found

    @override
    async def movements(
        self, user: FeedUser, accounts: Sequence[str], since: date, page: int
    ) -> FeedPage:
        """Two bookings a page."""
        effect = self._begins("movements", user)
        if page < 1:
            raise ValueError("pages count from 1")
        found = [
            one
            for connection in self.world.connections.values()
            if connection.user == user.id
            for day, one in connection.imported
            if one.account in accounts and day >= since
        ]
        some = found[(page - 1) * _PAGE : page * _PAGE]
        self._ends(effect)
        return FeedPage(
            movements=tuple(some),
            adjustments=self.world.adjustments if page == 1 else (),
            more=page * _PAGE < len(found),
            raw=("\n".join(one.model_dump_json() for one in some)).encode(),
        )

    @override
    async def disconnect(self, user: FeedUser, connection: str) -> None:
        """Forget the connection."""
        effect = self._begins("disconnect", user)
        self._own(user, connection)
        del self.world.connections[connection]
        self._ends(effect)

    def _still_runs(self, found: DoubleConnection, connection: str) -> bool:
        """Whether an update is under way; one that nobody looks at ends by itself in a while."""
        for one in list(self.world.tasks.values()):
            if one.connection == connection and one.state is FeedTaskState.RUNNING:
                if found.updates[-1][0] + _ENDS_AFTER > self.world.clock.now():
                    return True
                self.world.ask_bank(found, one.reference)
        return False

    def _new(
        self, kind: FeedTaskKind, connection: str, request: FormRequest, form: FeedForm | None
    ) -> FeedTask:
        reference = str(len(self.world.tasks) + 1)
        state = FeedTaskState.RUNNING if form is None else FeedTaskState.FORM_NEEDED
        task = FeedTask(
            reference=reference, kind=kind, state=state, connection=connection, form=form
        )
        self.world.tasks[reference] = task
        self.world.requests[reference] = request
        return task

    def _own(self, user: FeedUser, connection: str) -> DoubleConnection:
        found = self.world.connections.get(connection)
        if found is None or found.user != user.id:
            raise NotFound(f"there is no connection {connection}")
        return found

    def _begins(self, method: str, user: FeedUser | None = None) -> Do | None:
        self.world.calls.append(method)
        planned = self.world.script.get(method, [])
        do = planned.pop(0) if planned else None
        if do is Do.DIE_BEFORE:
            raise Killed(method)
        if do is Do.UNAVAILABLE:
            raise OutsideUnavailable("the feed is away", retry_after=120)
        if do is Do.PERSON:
            raise PersonNeeded("the bank wants to see somebody")
        known = user is None or self.world.users.get(user.id) == user.password.get_secret_value()
        if do is Do.BROKEN or not known:
            raise AccountBroken("the feed does not take the user")
        return do

    def _ends(self, do: Do | None) -> None:
        if do is Do.DIE_AFTER:
            raise Killed("after it was done")
        if do is Do.LOST:
            raise OutcomeUnknown("the answer was lost")


def feed_class(world: FeedWorld) -> type[DoubleFeed]:
    """The feed of that world, as a plugin offers it."""
    return type("WorldFeed", (DoubleFeed,), {"world": world})
