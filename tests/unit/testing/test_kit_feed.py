"""The kit of bank feeds can fail: each defect is found by the scenario that is named for it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from tests.unit.testing.reference_folders import NOTICED, kit_tests
from typing_extensions import override

from faktura.kernel.bank_terms import FeedTaskKind, FeedTaskState
from faktura.kernel.errors import AmountUnreadable, FakturaError, FileUnreadable, NotFound
from faktura.kernel.outside_errors import AccountBroken, OutcomeUnknown, OutsideUnavailable
from faktura.plugin import (
    BankFeed,
    FeedConnection,
    FeedMovement,
    FeedPage,
    FeedTask,
    FeedUser,
    FormRequest,
)
from faktura.testing.kit.feed_bank import PERSON, BankMood
from faktura.testing.kit.wire import Fault
from faktura_ref_feed.adapter import RefBankFeed


class Paged(RefBankFeed):
    """Changes what a page says by `change`."""

    def change(self, one: FeedMovement) -> FeedMovement:
        """A booking with a defect."""
        return one

    @override
    async def movements(
        self, user: FeedUser, accounts: Sequence[str], since: date, page: int
    ) -> FeedPage:
        found = await super().movements(user, accounts, since, page)
        changed = tuple(map(self.change, found.movements))
        return found.model_copy(update={"movements": changed})


class Cents(Paged):
    """A cent too much."""

    @override
    def change(self, one: FeedMovement) -> FeedMovement:
        more = one.transaction.amount + Decimal("0.01")
        transaction = one.transaction.model_copy(update={"amount": more})
        return one.model_copy(update={"transaction": transaction})


class Merged(Paged):
    """Equal bookings under one id."""

    @override
    def change(self, one: FeedMovement) -> FeedMovement:
        told = f"{one.transaction.amount}"
        transaction = one.transaction.model_copy(update={"source_ref": told})
        return one.model_copy(update={"transaction": transaction})


class FirstPage(RefBankFeed):
    """Reads one page."""

    @override
    async def movements(
        self, user: FeedUser, accounts: Sequence[str], since: date, page: int
    ) -> FeedPage:
        found = await super().movements(user, accounts, since, page)
        return found.model_copy(update={"more": False})


class SamePage(RefBankFeed):
    """Counts pages from 0."""

    @override
    async def movements(
        self, user: FeedUser, accounts: Sequence[str], since: date, page: int
    ) -> FeedPage:
        return await super().movements(user, accounts, since, max(page - 1, 1))


class Empty(RefBankFeed):
    """A page that cannot be read has no bookings."""

    @override
    async def movements(
        self, user: FeedUser, accounts: Sequence[str], since: date, page: int
    ) -> FeedPage:
        try:
            return await super().movements(user, accounts, since, page)
        except (OutsideUnavailable, FileUnreadable, AmountUnreadable):
            return FeedPage(movements=(), more=False, raw=b"")


class Forgetful(RefBankFeed):
    """A list that did not come is an empty one."""

    @override
    async def connections(self, user: FeedUser) -> Sequence[FeedConnection]:
        try:
            return await super().connections(user)
        except OutsideUnavailable:
            return []


class Sure(RefBankFeed):
    """A lost order was not given."""

    @override
    async def begin_update(
        self,
        user: FeedUser,
        connection: str,
        request: FormRequest,
        kind: FeedTaskKind = FeedTaskKind.UPDATE,
    ) -> FeedTask:
        try:
            return await super().begin_update(user, connection, request, kind)
        except OutcomeUnknown as error:
            raise OutsideUnavailable(error.problem) from error


class Pretending(RefBankFeed):
    """A person always waits."""

    @override
    async def begin_update(
        self,
        user: FeedUser,
        connection: str,
        request: FormRequest,
        kind: FeedTaskKind = FeedTaskKind.UPDATE,
    ) -> FeedTask:
        request = request.model_copy(update={"attended": PERSON})
        return await super().begin_update(user, connection, request, kind)


class Looking(RefBankFeed):
    """Changes what becomes of a task by `change`."""

    def change(self, task: FeedTask) -> FeedTask:
        """A task with a defect."""
        return task

    @override
    async def look_up(self, user: FeedUser, task: FeedTask) -> FeedTask:
        return self.change(await super().look_up(user, task))


class Failing(Looking):
    """A form is a failure."""

    @override
    def change(self, task: FeedTask) -> FeedTask:
        if task.state is FeedTaskState.FORM_NEEDED:
            return task.model_copy(update={"state": FeedTaskState.FAILED})
        return task


class Rejecting(Looking):
    """Every failure is a refused login."""

    @override
    def change(self, task: FeedTask) -> FeedTask:
        return task.model_copy(update={"rejected": task.state is FeedTaskState.FAILED})


class Waiting(RefBankFeed):
    """A form never ends."""

    @override
    async def look_up(self, user: FeedUser, task: FeedTask) -> FeedTask:
        found = await super().look_up(user, task)
        return task if found.state is FeedTaskState.ABANDONED else found


class Knocking(RefBankFeed):
    """Tries a refused password again."""

    @override
    async def connections(self, user: FeedUser) -> Sequence[FeedConnection]:
        try:
            return await super().connections(user)
        except AccountBroken:
            return await super().connections(user)


class Talking(RefBankFeed):
    """Writes passwords into the log."""

    @override
    async def connections(self, user: FeedUser) -> Sequence[FeedConnection]:
        self.runtime.log.debug("as %s", user.password.get_secret_value())
        return await super().connections(user)


class Deleting(RefBankFeed):
    """Stumbles over what is gone."""

    @override
    async def disconnect(self, user: FeedUser, connection: str) -> None:
        if connection not in [one.reference for one in await self.connections(user)]:
            raise NotFound("it is gone")
        await super().disconnect(user, connection)


DEFECTS: dict[str, tuple[type[BankFeed], str, tuple[object, ...]]] = {
    "cents": (Cents, "test_an_update_brings_what_is_new", ()),
    "merged": (Merged, "test_twins_both_arrive_and_are_told_apart", ()),
    "first page": (FirstPage, "test_all_pages_bring_all_bookings_once", ()),
    "same page": (SamePage, "test_all_pages_bring_all_bookings_once", ()),
    "empty": (Empty, "test_half_a_page_is_no_page", ()),
    "skipped": (Empty, "test_an_unreadable_amount_stops_the_page", (b"NaN",)),
    "forgetful": (
        Forgetful,
        "test_a_question_without_an_answer_is_asked_later",
        (Fault.NOT_SENT, "connections"),
    ),
    "sure": (Sure, "test_of_a_lost_order_nobody_knows", (Fault.ANSWER_LOST, "update")),
    "pretending": (Pretending, "test_only_a_person_who_waits_is_told_of", ()),
    "unlimited": (Pretending, "test_too_many_unattended_updates_are_not_now", ()),
    "failing": (Failing, "test_a_bank_that_wants_a_person_gets_one", (BankMood.WANTS_TAN,)),
    "rejecting": (Rejecting, "test_a_refused_login_is_told_from_a_bank_that_is_down", ()),
    "waiting": (Waiting, "test_a_form_that_is_closed_is_abandoned", ()),
    "knocking": (Knocking, "test_a_refused_password_is_a_broken_account_and_tried_once", ()),
    "talking": (Talking, "test_no_secret_is_told", ()),
    "deleting": (Deleting, "test_a_connection_is_deleted_once_and_for_all", ()),
}


@pytest.mark.parametrize("defect", DEFECTS)
async def test_a_broken_feed_is_found(defect: str):
    """O1: the scenario fails with the defect, and passes without it."""
    feed, scenario, case = DEFECTS[defect]
    kit = kit_tests("feed").TestRefBankFeed

    await getattr(kit(), scenario)(*case)
    tried = type("Tried", (kit,), {"adapter_class": feed})()
    with pytest.raises((*NOTICED, FakturaError)):
        await getattr(tried, scenario)(*case)
