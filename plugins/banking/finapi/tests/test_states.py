"""What finAPI's words mean, where the double alone does not get (1.4, 1.6)."""

from datetime import UTC, datetime

import pytest

from faktura.kernel.bank_terms import Consent, FeedResult, FeedTaskKind, FeedTaskState
from faktura.plugin import FeedConnection, FeedTask, FormRequest
from faktura_finapi.messages import ConnectionSaid, FormSaid, TaskSaid, read
from faktura_finapi.states import connection, form_task, update_task, with_result
from finapi_double.records import Json
from finapi_double.scene import Scene, url_of
from finapi_double.words import Scenario

WAITS: Json = {
    "id": "t-1",
    "status": "WEB_FORM_REQUIRED",
    "payload": {"bankConnectionId": 101, "webForm": {"id": "f-1", "url": "https://a.example/f"}},
}
MANUAL: Json = {"result": "OK", "timestamp": "2026-12-01T08:00:00.000+01:00"}
REJECTED: Json = {
    "result": "BANK_SERVER_REJECTION",
    "errorType": "BUSINESS",
    "errorMessage": "PIN falsch",
    "timestamp": "2026-12-01T09:00:00.000+01:00",
}


def shown(*interfaces: Json) -> FeedConnection:
    """A connection with these ways to the bank."""
    said = {"id": 101, "name": "Mein Konto", "interfaces": list(interfaces), "bank": {"name": "B"}}
    return connection(read(ConnectionSaid, said, "here"))


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("NOT_YET_OPENED", FeedTaskState.FORM_NEEDED),
        ("IN_PROGRESS", FeedTaskState.FORM_NEEDED),
        ("COMPLETED", FeedTaskState.RUNNING),
        ("COMPLETED_WITH_ERROR", FeedTaskState.RUNNING),
        ("EXPIRED", FeedTaskState.ABANDONED),
        ("CANCELLED", FeedTaskState.ABANDONED),
        ("SOMETHING_NEW", FeedTaskState.FORM_NEEDED),
    ],
)
def test_an_update_that_waits_for_a_form_goes_the_forms_way(
    word: str, state: FeedTaskState
) -> None:
    """A form that is done is not the end of the update; one that nobody finishes is."""
    form = read(FormSaid, {"id": "f-1", "url": "https://a.example/f", "status": word}, "here")

    task = update_task(read(TaskSaid, WAITS, "here"), FeedTaskKind.UPDATE, form)

    assert (task.state, task.connection) == (state, "101")
    assert (task.form is not None) is (state is FeedTaskState.FORM_NEEDED)


def test_a_form_that_nobody_names_is_waited_for_without_an_address() -> None:
    """Nothing is made up."""
    said = read(TaskSaid, {"id": "t-1", "status": "WEB_FORM_REQUIRED"}, "here")

    task = update_task(said, FeedTaskKind.UPDATE)

    assert (task.state, task.form, task.connection) == (FeedTaskState.FORM_NEEDED, None, "")


def test_a_moment_is_read_in_either_way_of_writing_it() -> None:
    """The web form writes +0000, Access +01:00."""
    for text in ("2026-12-01T08:20:00.000+0000", "2026-12-01T09:20:00.000+01:00"):
        said = {
            "id": "f-1",
            "url": "https://a.example/f",
            "status": "NOT_YET_OPENED",
            "expiresAt": text,
        }
        form = form_task(read(FormSaid, said, "here")).form
        assert form is not None
        assert form.expires_at == datetime(2026, 12, 1, 8, 20, tzinfo=UTC)


def test_what_is_known_of_an_end_is_told_whatever_its_word() -> None:
    """finAPI's list of words for failures is open."""
    said: Json = {
        "id": "f-1",
        "status": "COMPLETED_WITH_ERROR",
        "payload": {"errorCode": "WEATHER", "errorMessage": "Sturm"},
    }

    task = form_task(read(FormSaid, said, "here"))

    assert (task.state, task.code, task.message) == (FeedTaskState.FAILED, "WEATHER", "Sturm")
    assert not task.rejected


def test_the_last_update_counts_whoever_asked_for_it() -> None:
    """1.6: by its moment; of several ways to the bank the one that was used last."""
    old: Json = {"aisConsent": {"status": "NOT_PRESENT"}, "lastManualUpdate": MANUAL}
    new: Json = {
        "aisConsent": {"status": "PRESENT", "expiresAt": "2027-01-01T00:00:00+01:00"},
        "lastManualUpdate": MANUAL,
        "lastAutoUpdate": REJECTED,
        "userActionRequired": True,
    }

    for interfaces in ((old, new), (new, old)):
        found = shown(*interfaces)
        assert (found.bank_name, found.needs_person) == ("Mein Konto", True)
        assert (found.result, found.message) == (FeedResult.REJECTED, "PIN falsch")
        assert found.result_at == datetime(2026, 12, 1, 8, tzinfo=UTC)
        assert found.consent is Consent.PRESENT
        assert found.consent_until == datetime(2026, 12, 31, 23, tzinfo=UTC)


def test_a_connection_that_was_never_used_says_nothing() -> None:
    """Unknown is neither good nor bad."""
    for found in (shown(), shown({"bankingInterface": "XS2A"})):
        assert (found.result, found.consent) == (FeedResult.UNKNOWN, Consent.UNKNOWN)
        assert (found.result_at, found.message, found.needs_person) == (None, "", False)


def test_a_refusal_that_the_connection_does_not_know_stays_one() -> None:
    """Another update may have ended well since then."""
    task = FeedTask(
        reference="t-1", kind=FeedTaskKind.UPDATE, state=FeedTaskState.FAILED, rejected=True
    )

    assert with_result(task, shown({"lastManualUpdate": MANUAL})) == task
    assert with_result(task, shown()) == task
    assert with_result(task, shown({"lastManualUpdate": REJECTED})).message == "PIN falsch"


async def test_a_refusal_is_told_also_when_the_connection_is_gone(scene: Scene) -> None:
    """Deleted in between: what the task says has to do."""
    feed = scene.feed()
    user, reference = await scene.connected(feed)
    scene.world.logins[0].pin = "16180"
    task = await scene.updated(feed, user, reference)
    scene.world.connections.clear()

    assert await feed.look_up(user, task) == task.model_copy(update={"message": ""})


async def test_a_form_that_cannot_be_read_yet_has_no_end(scene: Scene) -> None:
    """The task names its address all the same."""
    feed = scene.feed()
    user, reference = await scene.connected(feed)
    scene.world.logins[0].scenario = Scenario.TAN_REQUIRED
    task = await scene.updated(feed, user, reference)
    (form,) = [one for one in scene.world.forms.values() if one.task is not None]
    form.hidden = 1

    waits = await feed.look_up(user, task)

    assert waits.form is not None
    assert (url_of(waits), waits.form.expires_at) == (url_of(task), None)


async def test_an_update_that_needs_a_person_at_once_is_begun_all_the_same(scene: Scene) -> None:
    """What was begun is told before anything else is asked."""
    feed = scene.feed()
    user, reference = await scene.connected(feed)
    scene.world.requests.clear()

    task = await feed.begin_update(user, reference, FormRequest(), FeedTaskKind.CREDENTIALS)

    assert task.state is FeedTaskState.RUNNING
    assert [one.path for one in scene.world.requests] == ["/api/tasks/backgroundUpdate"]
