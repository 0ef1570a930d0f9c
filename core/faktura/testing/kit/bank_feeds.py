"""The kit of bank feeds: people and banks at a form, and every booking once on whatever page."""

import re
from datetime import timedelta

import pytest

from faktura.kernel.bank_terms import Consent, FeedResult, FeedTaskKind, FeedTaskState
from faktura.kernel.errors import NotFound
from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.plugin import BookingStatus, FormRequest
from faktura.testing.kit.feed_bank import PERSON, BankMood
from faktura.testing.kit.feed_bench import facts
from faktura.testing.kit.feed_faults import FeedFaults

_FORM_MOODS = (BankMood.WANTS_TAN, BankMood.CONSENT_ENDED)


class BankFeedKit(FeedFaults):
    """Scenarios of a BankFeed; a maker gives `adapter_class` and a double by `running`."""

    def test_it_has_a_name(self) -> None:
        """By which settings and messages call it."""
        assert re.fullmatch(r"[a-z][a-z0-9-]*", self.feed_class.feed)

    async def test_a_person_connects_a_bank_at_a_form(self) -> None:
        """Until somebody comes it waits; then the connection is there, with its accounts."""
        async with self.running() as bank:
            feed, _ = self.on(bank, bank.http)
            user = await feed.create_user("werk")
            assert list(await feed.connections(user)) == []

            task = await feed.begin_connection(user, FormRequest())
            assert (task.kind, task.state) == (FeedTaskKind.CONNECT, FeedTaskState.FORM_NEEDED)
            assert task.form is not None
            assert (await feed.look_up(user, task)).state is FeedTaskState.FORM_NEEDED
            await bank.log_in(task)
            done = await feed.look_up(user, task)

            assert (done.state, done.form) == (FeedTaskState.DONE, None)
            assert done.reference == task.reference
            (found,) = await feed.connections(user)
            assert found.reference == done.connection
            assert found.bank_name
            assert (found.consent, found.result) == (Consent.PRESENT, FeedResult.OK)
            assert (found.needs_person, found.is_busy) == (False, False)
            assert {one.iban for one in found.accounts} == set(bank.ibans)
            assert {one.currency for one in found.accounts} == {"EUR"}
            assert len({one.reference for one in found.accounts}) == 2

    async def test_a_form_that_is_closed_is_abandoned(self) -> None:
        """And one that nobody comes to, once its time is over by the core's clock."""
        async with self.running() as bank:
            feed, _ = self.on(bank, bank.http)
            user = await feed.create_user("werk")
            closed = await feed.begin_connection(user, FormRequest())
            late = await feed.begin_connection(user, FormRequest())
            await bank.give_up(closed)

            assert (await feed.look_up(user, closed)).state is FeedTaskState.ABANDONED
            assert (await feed.look_up(user, late)).state is FeedTaskState.FORM_NEEDED
            assert late.form is not None
            ends = late.form.expires_at or bank.clock.now() + timedelta(days=3)
            bank.clock.advance(ends - bank.clock.now())
            ended = await feed.look_up(user, late)
            assert (ended.state, ended.form) == (FeedTaskState.ABANDONED, None)

    async def test_an_update_brings_what_is_new(self) -> None:
        """Every fact of a booking as the bank has it; nothing before the update."""
        async with self.linked() as at:
            text = 'Rechnung  RE-7 für März <b>"x"</b> €'
            day = at.today - timedelta(days=40)
            at.bank.book("-1234567.89", text, day=day.isoformat(), account=1)
            assert await at.read() == []

            done = await at.update()

            assert (done.state, done.connection) == (FeedTaskState.DONE, at.connection)
            (found,) = await at.read()
            one = found.transaction
            assert (found.account, found.is_doubtful) == ((await at.accounts())[1], False)
            assert (str(one.amount), one.currency) == ("-1234567.89", "EUR")
            assert one.status is BookingStatus.BOOKED
            assert (one.booked_on, one.value_on) == (day, day)
            assert "".join(one.remittance_lines) == text
            assert one.source_ref
            assert one.place

    async def test_the_feed_waits_for_a_slow_bank(self) -> None:
        """It runs until it is done; meanwhile another update is not now, and no failure."""
        async with self.linked() as at:
            at.bank.turn(BankMood.SLOW)
            begun = await at.feed.begin_update(at.user, at.connection, FormRequest())
            assert begun.state is FeedTaskState.RUNNING
            with pytest.raises(OutsideUnavailable):
                await at.feed.begin_update(at.user, at.connection, FormRequest())

            assert (await at.looked(begun)).state is FeedTaskState.DONE

    @pytest.mark.parametrize("mood", _FORM_MOODS)
    async def test_a_bank_that_wants_a_person_gets_one(self, mood: BankMood) -> None:
        """A form, not a failure; when it is filled in, the bookings are there."""
        async with self.linked() as at:
            at.bank.turn(mood)
            at.bank.book("1.00", "after the form")
            waits = await at.update()

            assert (waits.state, waits.rejected) == (FeedTaskState.FORM_NEEDED, False)
            assert waits.form is not None
            before = await at.state()
            assert before.needs_person
            assert (before.consent is Consent.ABSENT) is (mood is BankMood.CONSENT_ENDED)
            await at.bank.log_in(waits)
            done = await at.looked(waits)
            assert (done.state, done.form) == (FeedTaskState.DONE, None)
            after = await at.state()
            assert (after.needs_person, after.consent) == (False, Consent.PRESENT)
            assert facts(await at.read()) == [("1.00", "after the form")]

    async def test_an_update_whose_form_is_closed_is_abandoned(self) -> None:
        """It brings nothing, and is no failure of the bank."""
        async with self.linked() as at:
            at.bank.turn(BankMood.WANTS_TAN)
            waits = await at.update()
            await at.bank.give_up(waits)

            ended = await at.looked(waits)

            assert (ended.state, ended.form) == (FeedTaskState.ABANDONED, None)
            assert not ended.rejected

    async def test_a_refused_login_is_told_from_a_bank_that_is_down(self) -> None:
        """The one is never repeated without a person, the other is; both in the bank's words."""
        for mood, result in (
            (BankMood.WRONG_PIN, FeedResult.REJECTED),
            (BankMood.IS_DOWN, FeedResult.TECHNICAL),
        ):
            async with self.linked() as at:
                at.bank.turn(mood)
                ended = await at.update()

                is_refused = mood is BankMood.WRONG_PIN
                assert (ended.state, ended.rejected) == (FeedTaskState.FAILED, is_refused)
                assert ended.message or ended.code
                found = await at.state()
                assert found.result is result
                assert found.message

    async def test_a_person_changes_the_login_at_a_form(self) -> None:
        """CREDENTIALS asks for a form whatever the bank says."""
        async with self.linked() as at:
            asks = await at.update(FormRequest(attended=PERSON), FeedTaskKind.CREDENTIALS)

            assert (asks.kind, asks.state) == (FeedTaskKind.CREDENTIALS, FeedTaskState.FORM_NEEDED)
            assert asks.form is not None
            await at.bank.log_in(asks)
            assert (await at.looked(asks)).state is FeedTaskState.DONE

    async def test_only_a_person_who_waits_is_told_of(self) -> None:
        """Else the bank counts the update as attended, and the law is broken (PSD2)."""
        async with self.linked() as at:
            await at.update()
            await at.rest()
            await at.update(FormRequest(attended=PERSON))

            assert list(at.bank.updates()) == [False, True]

    async def test_too_many_unattended_updates_are_not_now(self) -> None:
        """Come back tomorrow, or with a person: no failure, no broken account."""
        async with self.linked() as at:
            most = at.bank.unattended_most
            if most is None:
                pytest.skip("the feed counts no updates")
            for _ in range(most):
                await at.update()
            with pytest.raises(OutsideUnavailable):
                await at.update()

            assert (await at.update(FormRequest(attended=PERSON))).state is FeedTaskState.DONE
            await at.rest()
            assert (await at.update()).state is FeedTaskState.DONE

    async def test_all_pages_bring_all_bookings_once(self) -> None:
        """Two full pages and one more; what is imported meanwhile is not missed."""
        async with self.linked() as at:
            size = at.bank.page_size
            for number in range(2 * size + 1):
                at.bank.book(f"{number}.01", f"RE-{number}")
            await at.update()
            accounts = await at.accounts()
            at.bank.slip_in("7777.77")

            pages = [
                await at.feed.movements(at.user, accounts, at.today, number) for number in (1, 2, 3)
            ]

            assert [page.more for page in pages] == [True, True, False]
            assert all(page.raw for page in pages)
            assert len({page.raw for page in pages}) == 3
            assert [len(page.movements) for page in pages] == [size, size, 2]
            found = [one for page in pages for one in page.movements]
            assert len({one.transaction.source_ref for one in found}) == 2 * size + 2
            amounts = [str(one.transaction.amount) for one in found]
            assert amounts == [*(f"{number}.01" for number in range(2 * size + 1)), "7777.77"]

    async def test_a_full_page_is_the_last_one(self) -> None:
        """As many bookings as a page has."""
        async with self.linked() as at:
            for number in range(at.bank.page_size):
                at.bank.book(f"{number}.01", "full")
            await at.update()

            page = await at.feed.movements(at.user, await at.accounts(), at.today, 1)

            assert (len(page.movements), page.more) == (at.bank.page_size, False)

    async def test_twins_both_arrive_and_are_told_apart(self) -> None:
        """Two equal bookings are two (P40)."""
        async with self.linked() as at:
            for _ in range(2):
                at.bank.book("50.00", "Monatsbeitrag")
            await at.update()

            first, second = await at.read()

            assert facts([first, second]) == [("50.00", "Monatsbeitrag")] * 2
            assert first.transaction.source_ref != second.transaction.source_ref
            assert first.transaction.entry_index < second.transaction.entry_index

    async def test_what_is_read_again_is_the_same(self) -> None:
        """By the same feed and another one; after an update only what is new is new."""
        async with self.linked() as at:
            at.bank.book("5.00", "one")
            await at.update()
            before = await at.read()
            since = at.today
            at.feed, _ = self.on(at.bank, at.wire)
            assert await at.read() == before
            await at.rest()
            at.bank.book("6.00", "two")
            await at.update()

            after = await at.read(since)
            assert after[0] == before[0]
            assert facts(after) == [("5.00", "one"), ("6.00", "two")]

    async def test_bookings_are_found_by_the_day_of_their_import(self) -> None:
        """A bank books late: the day of a booking lies before all that was read (P55)."""
        async with self.linked() as at:
            at.bank.book("5.00", "early")
            await at.update()
            first = at.today
            await at.rest()
            at.bank.book("6.00", "late", day=(first - timedelta(days=50)).isoformat())
            await at.update()

            assert facts(await at.read()) == [("6.00", "late")]
            assert facts(await at.read(at.today + timedelta(days=1))) == []
            assert len(await at.read(first)) == 2

    async def test_only_what_is_asked_for_is_read(self) -> None:
        """Of one account its bookings, of none nothing: no account is not every account."""
        async with self.linked() as at:
            for account in (0, 1):
                at.bank.book(f"{account}.50", "each", account=account)
            await at.update()
            _, second = await at.accounts()

            page = await at.feed.movements(at.user, [second], at.today, 1)
            assert [one.account for one in page.movements] == [second]
            assert facts(page.movements) == [("1.50", "each")]
            nothing = await at.feed.movements(at.user, [], at.today, 1)
            assert (nothing.movements, nothing.more, nothing.raw) == ((), False, b"")

    async def test_a_connection_is_deleted_once_and_for_all(self) -> None:
        """To delete it again does no harm; an update of it finds nothing."""
        async with self.linked() as at:
            await at.feed.disconnect(at.user, at.connection)
            assert list(await at.feed.connections(at.user)) == []
            await at.feed.disconnect(at.user, at.connection)

            with pytest.raises(NotFound):
                await at.feed.begin_update(at.user, at.connection, FormRequest())
