"""What nobody knows is found out: repeated, looked up, never guessed (payments 6.5)."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.services.payments.collected import CollectScene

from faktura.store.database import Database
from faktura.testing.double_steps import Do, Step

LOST = (Do.LOSE, Do.RAISE, Do.GARBAGE)


@pytest.mark.parametrize("lost", LOST)
def test_a_lost_answer_is_asked_for_under_the_same_key(
    database: Database, tmp_path: Path, lost: Do
):
    """6.5: the money moved; the same request gives the first one's outcome, charged once."""
    scene = CollectScene(database, tmp_path)
    scene.store.script(Step(lost))
    scene.collect()
    before = scene.states()

    scene.resolve()

    (attempt,) = scene.attempts()
    assert (before, attempt.state.value, attempt.tries) == (["UNKNOWN"], "SUCCEEDED", 2)
    assert scene.store.audit().charges == {"RE-000001": 1}
    assert scene.store.audit().violations == ()
    assert [key for key, _ in scene.store.calls()] == [attempt.id.hex] * 2


def test_what_a_crash_left_behind_is_sent(database: Database, tmp_path: Path):
    """6.5: a created attempt is taken up after two minutes, not earlier."""
    scene = CollectScene(database, tmp_path)
    scene.leave_behind()

    scene.resolve(timedelta(minutes=1, seconds=59))
    early = scene.states()
    scene.resolve(timedelta(seconds=1))

    assert (early, scene.states()) == (["CREATED"], ["SUCCEEDED"])


def test_after_the_keys_time_it_is_only_looked_up(database: Database, tmp_path: Path):
    """6.5: four hours before the provider forgets the key, nothing is repeated any more."""
    scene = CollectScene(database, tmp_path)
    scene.store.script(Step(Do.LOSE))
    scene.collect()

    scene.resolve(timedelta(hours=20))

    assert scene.states() == ["SUCCEEDED"]
    assert (len(scene.store.calls()), len(scene.store.calls("look_up"))) == (1, 1)


def test_a_provider_without_keys_is_never_asked_twice_to_charge(database: Database, tmp_path: Path):
    """6.5: looked up; what it surely has not got after 15 minutes failed, and is tried anew."""
    scene = CollectScene(database, tmp_path, settings={"key_window_hours": 0})
    scene.store.script(Step(Do.DROP))
    scene.collect()
    scene.resolve(timedelta(minutes=14))
    early = scene.states()
    scene.resolve(timedelta(minutes=2))
    again = scene.collect()

    first, second = scene.attempts()
    assert early == ["UNKNOWN"]
    assert (first.state.value, first.failure) == ("FAILED", "NOT_RECEIVED")
    assert (again.opened, second.state.value) == (1, "SUCCEEDED")
    assert scene.events() == []
    assert scene.store.audit().charges == {"RE-000001": 1}


def test_a_list_that_lags_behind_is_asked_three_times(database: Database, tmp_path: Path):
    """6.5: eventual look-ups prove an absence after three over an hour; a late find counts."""
    settings = {"key_window_hours": 0, "look_up": "EVENTUAL", "lag_seconds": 3_000}
    scene = CollectScene(database, tmp_path, settings=dict(settings), customers=2)
    scene.store.script(Step(Do.LOSE, invoice="RE-000001"), Step(Do.DROP, invoice="RE-000002"))
    scene.collect()
    for minutes in (1, 5, 10, 30):
        scene.resolve(timedelta(minutes=minutes))
    early = scene.states("RE-000001") + scene.states("RE-000002")
    scene.resolve(timedelta(minutes=15))

    assert early == ["UNKNOWN", "UNKNOWN"]
    assert scene.states("RE-000001") == ["SUCCEEDED"]
    assert [one.failure for one in scene.attempts("RE-000002")] == ["NOT_RECEIVED"]


def test_what_was_surely_not_sent_is_repeated_when_the_provider_wants(
    database: Database, tmp_path: Path
):
    """6.3: transient stays sent, the same attempt, not before the pause it asks for."""
    scene = CollectScene(database, tmp_path)
    scene.store.script(Step(Do.UNAVAILABLE, retry_after=600))
    scene.collect()

    scene.resolve(timedelta(minutes=9))
    early = scene.states()
    scene.resolve(timedelta(minutes=1))

    assert (early, scene.states()) == (["SENT"], ["SUCCEEDED"])
    assert scene.events() == []


def test_after_a_day_a_person_is_asked_and_nobody_charges(database: Database, tmp_path: Path):
    """6.5: never charged over an unknown."""
    scene = CollectScene(database, tmp_path)
    scene.store.script(*[Step(Do.DROP)] * 30)
    scene.collect()
    for _ in range(19):
        scene.resolve(timedelta(hours=1))
    scene.be_silent()
    scene.resolve(timedelta(hours=6))

    assert (scene.states(), scene.task_kinds()) == (["UNKNOWN"], ["PAYMENT_UNCLEAR"])
    assert scene.collect().opened == 0


def test_what_is_paid_by_now_is_looked_up_and_not_sent_again(database: Database, tmp_path: Path):
    """A request that never arrived must not charge a document that was paid otherwise."""
    scene = CollectScene(database, tmp_path)
    scene.store.script(Step(Do.DROP))
    scene.collect()
    scene.pay_by_bank(3_570)

    scene.resolve(timedelta(minutes=16))

    assert [one.failure for one in scene.attempts()] == ["NOT_RECEIVED"]
    assert scene.store.audit().charges == {}


def test_what_was_sent_before_the_account_was_paused_is_looked_up(
    database: Database, tmp_path: Path
):
    """6.5: lost, unsent for all we know, or on its way: each comes to its end, none is sent again."""
    scene = CollectScene(database, tmp_path, customers=3)
    scene.store.script(
        Step(Do.LOSE, invoice="RE-000001"),
        Step(Do.UNAVAILABLE, invoice="RE-000002", retry_after=600),
        Step(Do.PEND, invoice="RE-000003"),
    )
    scene.collect()
    before = [scene.states(f"RE-00000{no}") for no in (1, 2, 3)]
    scene.pause()

    scene.resolve(timedelta(days=2))

    assert before == [["UNKNOWN"], ["SENT"], ["PENDING"]]
    assert scene.states("RE-000001") == ["SUCCEEDED"]
    assert [one.failure for one in scene.attempts("RE-000002")] == ["NOT_RECEIVED"]
    assert len(scene.store.calls("look_up")) == 3
    assert scene.states("RE-000003") == ["PENDING"]
    assert len(scene.store.calls()) == 3


def test_what_nobody_knows_of_a_paused_account_asks_a_person(database: Database, tmp_path: Path):
    """6.5: nothing is stuck without a task."""
    scene = CollectScene(database, tmp_path)
    scene.store.script(Step(Do.LOSE))
    scene.collect()
    scene.pause()
    scene.be_silent()

    scene.resolve(timedelta(days=2))

    assert (scene.states(), scene.task_kinds()) == (["UNKNOWN"], ["PAYMENT_UNCLEAR"])


def test_what_is_known_again_asks_nobody(database: Database, tmp_path: Path):
    """The provider answered after two days: the question has settled itself."""
    scene = CollectScene(database, tmp_path)
    scene.store.script(Step(Do.LOSE))
    scene.collect()
    scene.pause()
    scene.be_silent()
    scene.resolve(timedelta(days=2))
    asked = scene.task_kinds()
    scene.speak()
    scene.resume()

    scene.resolve(timedelta(days=1))

    assert (asked, scene.states(), scene.task_kinds()) == (["PAYMENT_UNCLEAR"], ["SUCCEEDED"], [])


def test_what_was_never_sent_waits_until_the_account_is_resumed(database: Database, tmp_path: Path):
    """6.5: nothing new is sent over a paused account; what was written down is sent afterwards."""
    scene = CollectScene(database, tmp_path)
    scene.leave_behind()
    scene.pause()
    scene.resolve(timedelta(hours=1))
    paused = scene.states()
    scene.resume()
    scene.resolve()

    assert (paused, scene.states()) == (["CREATED"], ["SUCCEEDED"])
