"""Users, connections and their states at finAPI (1.1, 1.3-1.6; F098), against the double."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr, ValidationError

from faktura.kernel.bank_terms import (
    Consent,
    FeedAccountState,
    FeedResult,
    FeedTaskKind,
    FeedTaskState,
)
from faktura.kernel.errors import FieldInvalid, NotFound, SettingMissing
from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.plugin import AdapterSettings, FeedUser, FormRequest, Runtime
from faktura_finapi.adapter import FinapiFeed
from faktura_finapi.bodies import bank_search, returning
from faktura_finapi.settings import FinapiSettings
from finapi_double.records import BankAccount
from finapi_double.scene import NOW, PERSON, Scene, url_of
from finapi_double.words import Scenario, Trouble

RIGHT = {"client_id": "c", "client_secret": "s"}


async def test_a_user_is_made_and_its_password_is_masked(scene: Scene) -> None:
    """finAPI tells the generated password once; nothing that is printed holds it."""
    user = await scene.feed().create_user("werk")

    assert scene.world.users[user.id].password == user.password.get_secret_value()
    assert user.password.get_secret_value() not in repr(user)
    assert '{"isAutoUpdateEnabled": false}' in scene.world.asked("/users")[0].body


async def test_a_bank_is_connected_by_a_form_that_a_person_completes(scene: Scene) -> None:
    """1.4: the form has an end; when it is completed the connection is there with its account."""
    feed = scene.feed()
    user = await feed.create_user("werk")

    begun = await feed.begin_connection(user, FormRequest(bank="DE89 3704 0044 0532 0130 00"))

    assert begun.state is FeedTaskState.FORM_NEEDED
    assert begun.form is not None
    assert begun.form.expires_at == NOW + timedelta(minutes=20)
    assert await scene.visitor.complete(url_of(begun), pin="48151") == 200
    done = await feed.look_up(user, begun)
    assert (done.state, done.form) == (FeedTaskState.DONE, None)
    (connection,) = await feed.connections(user)
    assert connection.reference == done.connection
    assert (connection.bank_name, connection.bic) == ("finAPI Test Bank", "TESTDE00XXX")
    assert connection.result is FeedResult.OK
    assert connection.result_at == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert (connection.consent, connection.is_busy) == (Consent.PRESENT, False)
    (account,) = connection.accounts
    assert account.iban == "DE89370400440532013000"
    assert (account.holder, account.currency) == ("Werk GmbH", "EUR")
    assert str(account.balance) == "1000.00"
    assert account.state is FeedAccountState.UPDATED
    assert account.updated_at == NOW


async def test_the_form_is_asked_for_with_what_the_settings_and_the_person_say(
    scene: Scene,
) -> None:
    """1.4: bank, days, kinds of accounts, profile, ways back and a callback for a bare trigger."""
    feed = scene.feed(
        profile_id="p-1", account_types=["CHECKING", "SAVINGS"], interfaces=["XS2A"], first_days=30
    )
    user = await feed.create_user("werk")
    request = FormRequest(
        callback_url="https://bill.example/cb", return_url="https://bill.example/b", bank=" Test "
    )

    await feed.begin_connection(user, request)

    (asked,) = scene.world.asked("bankConnectionImport")
    assert asked.body == (
        '{"maxDaysForDownload": 30, "allowTestBank": true, "allowedInterfaces": ["XS2A"],'
        ' "profileId": "p-1", "accountTypes": ["CHECKING", "SAVINGS"], "bank": {"search": "Test"},'
        ' "callbacks": {"finalised": "https://bill.example/cb"}}'
    )


async def test_new_accounts_are_looked_for_while_a_person_waits(scene: Scene) -> None:
    """They may take a form, and FORCED the stored consent: an update by night has nobody for it."""
    settings = {"new_accounts": "FORCED"}
    feed = scene.feed(**settings)
    user, connection = await scene.connected(feed)
    asked = (
        (feed, FormRequest(), FeedTaskKind.UPDATE),
        (feed, FormRequest(attended=PERSON), FeedTaskKind.UPDATE),
        (feed, FormRequest(), FeedTaskKind.CREDENTIALS),
        (scene.feed(), FormRequest(attended=PERSON), FeedTaskKind.UPDATE),
        (scene.feed(**settings, account_types=[]), FormRequest(), FeedTaskKind.CREDENTIALS),
    )

    for one, request, kind in asked:
        await one.begin_update(user, connection, request, kind)

    bodies = [json.loads(one.body) for one in scene.world.asked("backgroundUpdate")]
    assert [(body["importNewAccountsMode"], body.get("accountTypes")) for body in bodies] == [
        ("SKIP", None),
        ("FORCED", ["CHECKING"]),
        ("FORCED", ["CHECKING"]),
        ("SKIP", None),
        ("FORCED", None),
    ]


def test_a_way_back_is_added_to_what_the_address_has() -> None:
    """An address may have parts already; without a way back it stays."""
    assert returning("https://a.example/f?x=1", "https://b.example") == (
        "https://a.example/f?x=1&redirectUrl=https%3A%2F%2Fb.example"
    )
    assert returning("https://a.example/f", "") == "https://a.example/f"


def test_a_german_iban_is_searched_by_its_bank_code() -> None:
    """1.10: the directory knows names, BICs and bank codes, no IBANs."""
    assert bank_search("DE89 3704 0044 0532 0130 00") == "37040044"
    assert bank_search(" COBADEFF ") == "COBADEFF"


async def test_a_form_that_is_given_up_or_expires_is_abandoned(scene: Scene) -> None:
    """1.4: ABORTED, EXPIRED and CANCELLED are ends without a connection."""
    feed = scene.feed()
    user = await feed.create_user("werk")
    aborted = await feed.begin_connection(user, FormRequest())
    late = await feed.begin_connection(user, FormRequest())
    cancelled = await feed.begin_connection(user, FormRequest())
    token = await scene.user_token(user)

    await scene.visitor.abort(url_of(aborted))
    assert (
        await scene.ask("POST", f"/api/webForms/{cancelled.reference}/cancel", token=token)
    ).status == 200

    assert (await feed.look_up(user, aborted)).state is FeedTaskState.ABANDONED
    assert (await feed.look_up(user, cancelled)).state is FeedTaskState.ABANDONED
    assert (await feed.look_up(user, late)).state is FeedTaskState.FORM_NEEDED
    scene.world.clock.advance(timedelta(minutes=20))
    assert (await feed.look_up(user, late)).state is FeedTaskState.ABANDONED


async def test_the_same_login_is_not_connected_twice(scene: Scene) -> None:
    """1.7: ENTITY_EXISTS names the connection that is there already."""
    feed = scene.feed()
    user, connection = await scene.connected(feed)

    again = await feed.begin_connection(user, FormRequest())
    await scene.visitor.complete(url_of(again), pin="48151")
    told = await feed.look_up(user, again)

    assert (told.state, told.code) == (FeedTaskState.FAILED, "ENTITY_EXISTS")
    assert told.connection == connection
    assert not told.rejected
    assert len(await feed.connections(user)) == 1


async def test_a_wrong_pin_in_the_form_is_a_refusal_of_the_bank(scene: Scene) -> None:
    """1.4: the bank's own words are told."""
    feed = scene.feed()
    user = await feed.create_user("werk")

    begun = await feed.begin_connection(user, FormRequest())
    await scene.visitor.complete(url_of(begun), pin="0000")
    told = await feed.look_up(user, begun)

    assert (told.state, told.rejected) == (FeedTaskState.FAILED, True)
    assert told.message == "Anmeldename oder PIN falsch"
    assert await feed.connections(user) == []


async def test_an_update_brings_what_is_new_at_the_bank(scene: Scene) -> None:
    """1.8: without stage 1 finAPI knows nothing new; after it the booking is there."""
    feed = scene.feed()
    user, connection = await scene.connected(feed)
    scene.world.book(scene.world.logins[0], "119.00", purpose="RE-2026-000123")
    assert (await scene.read(feed, user)).movements == ()

    done = await scene.updated(feed, user, connection)

    assert (done.state, done.connection) == (FeedTaskState.DONE, connection)
    assert (await scene.one(feed, user)).transaction.remittance_lines == ("RE-2026-000123",)


async def test_a_slow_bank_is_asked_again_until_it_answers(scene: Scene) -> None:
    """1.8: IN_PROGRESS for as many looks as it takes, and busy while the download goes on."""
    feed = scene.feed()
    user, connection = await scene.connected(feed)
    scene.world.logins[0].scenario = Scenario.SLOW
    scene.world.logins[0].slow_polls = 2
    scene.world.busy_reads = 1

    begun = await feed.begin_update(user, connection, FormRequest())
    states = [begun.state] + [(await feed.look_up(user, begun)).state for _ in range(3)]

    assert states == [FeedTaskState.RUNNING] * 3 + [FeedTaskState.DONE]
    assert [(await feed.connections(user))[0].is_busy for _ in range(2)] == [True, False]


async def test_an_update_while_one_runs_is_not_now(scene: Scene) -> None:
    """1.4: 423 is no failure of the connection."""
    feed = scene.feed()
    user, connection = await scene.connected(feed)
    scene.world.logins[0].scenario = Scenario.SLOW
    begun = await feed.begin_update(user, connection, FormRequest())

    with pytest.raises(OutsideUnavailable, match="HTTP 423: LOCKED"):
        await feed.begin_update(user, connection, FormRequest())
    with pytest.raises(OutsideUnavailable, match="HTTP 423"):
        await feed.disconnect(user, connection)

    for _ in range(4):
        await feed.look_up(user, begun)
    await feed.disconnect(user, connection)
    assert await feed.connections(user) == []
    scene.world.logins[0].scenario = Scenario.LOCKED
    locked = await scene.connect(feed, user)
    with pytest.raises(OutsideUnavailable):
        await feed.begin_update(user, locked, FormRequest())


async def test_a_bank_that_wants_a_tan_needs_a_person_at_a_form(scene: Scene) -> None:
    """1.4: WEB_FORM_REQUIRED comes with the form and its end; completed, the update goes on."""
    feed = scene.feed()
    user, connection = await scene.connected(feed)
    scene.world.logins[0].scenario = Scenario.TAN_REQUIRED

    waits = await scene.updated(feed, user, connection)

    assert waits.state is FeedTaskState.FORM_NEEDED
    assert waits.form is not None
    assert waits.form.expires_at == NOW + timedelta(minutes=20)
    assert (await feed.connections(user))[0].needs_person
    await scene.visitor.complete(url_of(waits))
    assert (await feed.look_up(user, waits)).state is FeedTaskState.DONE
    assert not (await feed.connections(user))[0].needs_person


async def test_an_update_whose_form_is_given_up_is_abandoned(scene: Scene) -> None:
    """1.4: the task itself stays WEB_FORM_REQUIRED; its form says that nobody is coming."""
    feed = scene.feed()
    user, connection = await scene.connected(feed)
    scene.world.logins[0].scenario = Scenario.TAN_REQUIRED
    waits = await scene.updated(feed, user, connection)

    await scene.visitor.abort(url_of(waits))

    ended = await feed.look_up(user, waits)
    assert (ended.state, ended.form) == (FeedTaskState.ABANDONED, None)


async def test_a_consent_that_ended_is_told_and_given_again(scene: Scene) -> None:
    """1.6: aisConsent NOT_PRESENT; a person at the form gives it again for 180 days."""
    feed = scene.feed()
    user, connection = await scene.connected(feed)
    scene.world.logins[0].scenario = Scenario.CONSENT_EXPIRED

    waits = await scene.updated(feed, user, connection)

    (before,) = await feed.connections(user)
    assert (before.consent, before.consent_until) == (Consent.ABSENT, None)
    await scene.visitor.complete(url_of(waits))
    (after,) = await feed.connections(user)
    assert after.consent is Consent.PRESENT
    assert after.consent_until == datetime(2027, 5, 30, 8, tzinfo=UTC)


async def test_a_refused_pin_is_told_in_the_banks_words_and_changed_at_the_form(
    scene: Scene,
) -> None:
    """1.5: the PIN is edited at finAPI; the next update succeeds only with the right one."""
    feed = scene.feed()
    user, connection = await scene.connected(feed)
    scene.world.logins[0].pin = "16180"

    refused = await scene.updated(feed, user, connection)

    assert (refused.state, refused.rejected) == (FeedTaskState.FAILED, True)
    assert (refused.code, refused.message) == ("BANK_SERVER_REJECTION", "PIN falsch")
    (told,) = await feed.connections(user)
    assert (told.result, told.message) == (FeedResult.REJECTED, "PIN falsch")
    assert told.needs_person
    begun = await feed.begin_update(user, connection, FormRequest(), FeedTaskKind.CREDENTIALS)
    edits = await feed.look_up(user, begun)
    assert (edits.kind, edits.state) == (FeedTaskKind.CREDENTIALS, FeedTaskState.FORM_NEEDED)
    await scene.visitor.complete(url_of(edits), pin="9999")
    assert (await feed.look_up(user, edits)).rejected
    begun = await feed.begin_update(user, connection, FormRequest(), FeedTaskKind.CREDENTIALS)
    edits = await feed.look_up(user, begun)
    await scene.visitor.complete(url_of(edits), pin="16180")
    assert (await feed.look_up(user, edits)).state is FeedTaskState.DONE
    assert (await scene.updated(feed, user, connection)).state is FeedTaskState.DONE
    assert '"manageSavedSettings": ["CREDENTIALS"]' in begun_with(scene)


def begun_with(scene: Scene) -> str:
    """The body of the last update but one."""
    return scene.world.asked("backgroundUpdate")[-2].body


@pytest.mark.parametrize(
    ("scenario", "rejected", "result", "message"),
    [
        (
            Scenario.TERMS,
            True,
            FeedResult.REJECTED,
            "Bitte stimmen Sie im Online-Banking den neuen Bedingungen zu",
        ),
        (Scenario.REJECTED_TECHNICALLY, False, FeedResult.TECHNICAL, "Zurzeit nicht erreichbar"),
        (Scenario.BANK_DOWN, False, FeedResult.TECHNICAL, "Timeout"),
    ],
)
async def test_a_refusal_is_told_from_a_failure_of_the_banks_machine(
    scene: Scene, scenario: Scenario, rejected: bool, result: FeedResult, message: str
) -> None:
    """1.6: only a BUSINESS rejection needs a person; a TECHNICAL one is tried again."""
    feed = scene.feed()
    user, connection = await scene.connected(feed)
    scene.world.logins[0].scenario = scenario

    ended = await scene.updated(feed, user, connection)

    assert (ended.state, ended.rejected) == (FeedTaskState.FAILED, rejected)
    assert ended.message == message
    (told,) = await feed.connections(user)
    assert (told.result, told.message, told.needs_person) == (result, message, rejected)


async def test_each_account_has_a_state_of_its_own(scene: Scene) -> None:
    """1.6: a good login says nothing of an account: failed, gone and seized ones are told."""
    accounts = [
        BankAccount("DE02120300000000202051", trouble=trouble, name=trouble.value)
        for trouble in (Trouble.FAILED, Trouble.DEPRECATED, Trouble.SEIZED)
    ]
    scene.world.logins[0].accounts += accounts
    feed = scene.feed()
    user, _ = await scene.connected(feed)

    (connection,) = await feed.connections(user)

    assert connection.result is FeedResult.OK
    assert [(one.name, one.state, one.is_seized) for one in connection.accounts] == [
        ("Geschäftskonto", FeedAccountState.UPDATED, False),
        ("account_failed", FeedAccountState.FAILED, False),
        ("account_deprecated", FeedAccountState.GONE, False),
        ("seized", FeedAccountState.UPDATED, True),
    ]


async def test_an_iban_may_go_and_the_account_stays(scene: Scene) -> None:
    """P55: the reference is finAPI's; the IBAN is what the bank says today."""
    feed = scene.feed()
    user, _ = await scene.connected(feed)
    before = (await feed.connections(user))[0].accounts[0]

    scene.world.logins[0].accounts[0].iban = None

    after = (await feed.connections(user))[0].accounts[0]
    assert (before.reference, before.iban) == (after.reference, "DE89370400440532013000")
    assert (after.iban, after.number) == (None, "532013000")


async def test_a_connection_that_is_gone_is_no_failure_to_delete_and_one_to_update(
    scene: Scene,
) -> None:
    """Deleting twice does no harm; an update of what is not there says so."""
    feed = scene.feed()
    user, connection = await scene.connected(feed)

    await feed.disconnect(user, connection)
    await feed.disconnect(user, connection)

    assert await feed.connections(user) == []
    with pytest.raises(NotFound, match="NOT_FOUND"):
        await feed.begin_update(user, connection, FormRequest())


async def test_one_user_sees_nothing_of_another(scene: Scene) -> None:
    """Each tenant has a user of its own at finAPI (1.1)."""
    feed = scene.feed()
    _, connection = await scene.connected(feed)
    other = await feed.create_user("other")

    assert await feed.connections(other) == []
    with pytest.raises(NotFound):
        await feed.begin_update(other, connection, FormRequest())


async def test_a_task_that_finapi_does_not_know_yet_comes_back_as_it_was(scene: Scene) -> None:
    """1.11.5: a callback may come before its task can be read; a form past its end is given up."""
    feed = scene.feed()
    user, connection = await scene.connected(feed)
    begun = await feed.begin_update(user, connection, FormRequest())
    form = await feed.begin_connection(user, FormRequest())
    scene.world.tasks.clear()
    scene.world.forms.clear()

    assert await feed.look_up(user, begun) == begun
    assert await feed.look_up(user, form) == form
    scene.world.clock.advance(timedelta(minutes=21))
    assert (await feed.look_up(user, form)).state is FeedTaskState.ABANDONED


@pytest.mark.parametrize("reference", ["", "1/2", "²", "x", "9" * 19])
async def test_an_id_that_is_none_gets_into_no_address(scene: Scene, reference: str) -> None:
    """Ids come from a database; an address is made of digits only."""
    user = FeedUser(id="nobody", password=SecretStr("nothing"))

    with pytest.raises(FieldInvalid):
        await scene.feed().disconnect(user, reference)
    assert scene.world.requests == []


async def test_a_word_that_is_no_id_gets_into_no_address(scene: Scene) -> None:
    """The same for tasks and forms."""
    feed = scene.feed()
    user, connection = await scene.connected(feed)
    task = await feed.begin_update(user, connection, FormRequest())

    with pytest.raises(FieldInvalid):
        await feed.look_up(user, task.model_copy(update={"reference": "../users"}))


def test_live_is_asked_unless_another_address_is_set() -> None:
    """1.1: all hosts are settings."""
    live = FinapiSettings.model_validate(RIGHT)
    sandbox = FinapiSettings.model_validate(RIGHT | {"environment": "sandbox"})
    own = FinapiSettings.model_validate(RIGHT | {"access_url": "https://a.example"})

    assert (live.access, live.web_form) == (
        "https://live.finapi.io",
        "https://webform-live.finapi.io",
    )
    assert (sandbox.access, sandbox.web_form) == (
        "https://sandbox.finapi.io",
        "https://webform-sandbox.finapi.io",
    )
    assert (own.access, own.web_form) == ("https://a.example", "https://webform-live.finapi.io")
    assert "s" not in repr(live.client_secret)


@pytest.mark.parametrize(
    "wrong",
    [
        {"first_days": 13},
        {"first_days": 3651},
        {"client_id": ""},
        {"client_secret": ""},
        {"access_url": "ftp://a.example"},
        {"web_form_url": "https://a.example/?x=1"},
        {"pin": "48151"},
    ],
)
def test_a_setting_that_finapi_would_refuse_is_refused(wrong: dict[str, object]) -> None:
    """No field takes a PIN, either (1.5)."""
    with pytest.raises(ValidationError):
        FinapiSettings.model_validate(RIGHT | wrong)


def test_the_feed_needs_settings_of_its_own(scene_runtime: Runtime) -> None:
    """An object built with others would ask nobody knows whom."""
    with pytest.raises(SettingMissing):
        FinapiFeed(AdapterSettings(), scene_runtime)
