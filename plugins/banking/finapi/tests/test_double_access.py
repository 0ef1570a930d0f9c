"""The double says no as finAPI does: tokens, kinds of clients, bodies, lists (1.1, 1.2, 1.7, 1.11)."""

from datetime import timedelta

import pytest
from pydantic import SecretStr

from faktura.plugin import FeedUser
from finapi_double.records import BankAccount, Json
from finapi_double.scene import Scene
from finapi_double.words import Fault

LIST = "/api/v2/transactions?view=bankView"
MOCK = "/api/v2/tests/mockBatchUpdate"


async def signed_in(scene: Scene) -> tuple[FeedUser, str]:
    """A user with Erika's connection, and a token of theirs."""
    user, _ = await scene.connected(scene.feed())
    return user, await scene.user_token(user)


@pytest.mark.parametrize(
    ("form", "status", "word"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "implicit"}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "old"}, 400, "invalid_grant"),
        ({"grant_type": "password", "username": "x", "password": "y"}, 400, "invalid_grant"),
    ],
)
async def test_a_token_is_refused_in_a_shape_of_its_own(
    scene: Scene, form: dict[str, str], status: int, word: str
) -> None:
    """1.1: error and error_description, never errors[]."""
    client = {"client_id": scene.world.client_id, "client_secret": scene.world.client_secret}
    right = {"grant_type": "client_credentials", **client}

    refused = await scene.ask("POST", "/api/v2/oauth/token", form=right | form)

    assert (refused.status, refused.code) == (status, word)
    assert "errors" not in refused.json


async def test_a_token_is_asked_for_by_a_form_and_not_by_json(scene: Scene) -> None:
    """1.1: form-encoded."""
    client = {"client_id": scene.world.client_id, "client_secret": scene.world.client_secret}
    body = {"grant_type": "client_credentials", **client}

    assert (await scene.ask("POST", "/api/v2/oauth/token", body=body)).status in (400, 401)


async def test_three_wrong_passwords_lock_the_user_and_end_its_tokens(scene: Scene) -> None:
    """1.1: maxUserLoginAttempts; the right password does not help any more."""
    user, token = await signed_in(scene)

    for _ in range(3):
        wrong = await scene.token("password", username=user.id, password="wrong")  # noqa: S106
        assert (wrong.status, wrong.code) == (400, "invalid_grant")

    password = user.password.get_secret_value()
    locked = await scene.token("password", username=user.id, password=password)
    assert locked.status == 423
    assert (await scene.ask("GET", "/api/v2/accounts", token=token)).status == 401


async def test_a_token_ends_and_a_revoked_one_at_once(scene: Scene) -> None:
    """1.1: expires_in by a clock that a test moves; refresh tokens open no door."""
    user, token = await signed_in(scene)
    other = await scene.user_token(user)
    refresh = next(word for word, one in scene.world.tokens.items() if one.refreshes)

    await scene.ask("POST", "/api/v2/oauth/revoke", form={"token": other})

    assert (await scene.ask("POST", "/api/v2/oauth/revoke", form={})).status == 400
    assert (await scene.ask("GET", "/api/v2/accounts", token=other)).status == 401
    assert (await scene.ask("GET", "/api/v2/accounts", token=refresh)).status == 401
    assert (await scene.ask("GET", "/api/v2/accounts")).status == 401
    assert (await scene.ask("GET", "/api/v2/accounts", token=token)).status == 200
    scene.world.clock.advance(timedelta(hours=1))
    ended = await scene.ask("GET", "/api/v2/accounts", token=token)
    assert (ended.status, ended.code) == (401, "UNAUTHORIZED_ACCESS")


async def test_each_kind_of_client_has_doors_of_its_own(scene: Scene) -> None:
    """1.1: the mandator's admin reaches no data, a data client no administration."""
    _, users = await signed_in(scene)
    clients = str((await scene.token()).json["access_token"])
    admin = {"client_id": scene.world.admin_id, "client_secret": scene.world.admin_secret}
    admins = str((await scene.token(**admin)).json["access_token"])
    switch = "/api/v2/mandatorAdmin/switchApiVersion"
    version = {"apiVersion": "2"}

    for token in (admins, clients):
        for path in ("/api/v2/accounts", "/api/v2/bankConnections", "/api/v2/banks", LIST):
            refused = await scene.ask("GET", path, token=token)
            assert (refused.status, refused.code) == (403, "FORBIDDEN")
    assert (await scene.ask("POST", "/api/v2/users", token=admins, body={})).status == 403
    assert (await scene.ask("POST", "/api/v2/users", token=users, body={})).status == 403
    assert (await scene.ask("POST", switch, token=users, body=version)).status == 403
    refused = await scene.token("password", **admin, username="x", password="y")  # noqa: S106
    assert refused.code == "unsupported_grant_type"

    scene.world.limited = True
    limited = await scene.ask("GET", "/api/v2/accounts", token=users)
    assert (limited.status, "limited to /api/v1" in limited.text) == (403, True)
    assert (await scene.ask("POST", switch, token=admins, body={"version": "2"})).status == 400
    assert (await scene.ask("POST", switch, token=admins, body=version)).status == 200
    assert (await scene.ask("GET", "/api/v2/accounts", token=users)).status == 200
    said = await scene.ask("GET", "/api/v2/clientConfiguration", token=clients)
    assert said.json["mandatorLicense"] == "UNLICENSED"
    own = await scene.ask("GET", "/api/v2/users", token=users)
    assert own.json["password"] == "XXXXX"  # noqa: S105 - masked


async def test_a_user_has_an_id_of_its_own(scene: Scene) -> None:
    """ENTITY_EXISTS for a taken id; unknown fields and long ids are refused."""
    token = str((await scene.token()).json["access_token"])
    door = "/api/v2/users"

    assert (await scene.ask("POST", door, token=token, body={"id": "werk"})).status == 201
    taken = await scene.ask("POST", door, token=token, body={"id": "werk"}, language="en")
    assert (taken.status, taken.code) == (422, "ENTITY_EXISTS")
    assert "Exists already" in taken.text
    bodies: tuple[object, ...] = (
        {"pin": "48151"},
        {"id": "x" * 37},
        {"isAutoUpdateEnabled": "no"},
        None,
        [],
    )
    for body in bodies:
        wrong = await scene.ask("POST", door, token=token, body=body)
        assert (wrong.status, wrong.code) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("path", ["import", "update"])
async def test_the_direct_way_to_a_bank_is_for_those_with_a_licence(
    scene: Scene, path: str
) -> None:
    """1.3: 403; and `interface` is not what the field is called: 400."""
    _, token = await signed_in(scene)
    door = f"/api/v2/bankConnections/{path}"
    named: Json = {"bankId": 277672} if path == "import" else {"bankConnectionId": 101}

    wrong = await scene.ask("POST", door, token=token, body={**named, "interface": "XS2A"})
    right = await scene.ask("POST", door, token=token, body={**named, "bankingInterface": "XS2A"})

    assert (wrong.status, wrong.code) == (400, "BAD_REQUEST")
    assert "interface" in wrong.text
    assert (right.status, right.code) == (403, "FORBIDDEN")


async def test_what_is_not_there_or_of_another_user_is_unknown(scene: Scene) -> None:
    """404 UNKNOWN_ENTITY for reading and deleting."""
    _, connection = await scene.connected(scene.feed())
    other = await scene.feed().create_user("other")
    token = await scene.user_token(other)

    for method in ("GET", "DELETE"):
        for number in (connection, "99999"):
            path = f"/api/v2/bankConnections/{number}"
            refused = await scene.ask(method, path, token=token)
            assert (refused.status, refused.code) == (404, "UNKNOWN_ENTITY")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "MISSING_FIELD"),
        ("?perPage=20", "MISSING_FIELD"),
        ("?view=raw", "ILLEGAL_FIELD_VALUE"),
        ("?view=bankView&perPage=501", "ILLEGAL_PAGE_SIZE"),
        ("?view=bankView&perPage=0", "ILLEGAL_PAGE_SIZE"),
        ("?view=bankView&page=0", "ILLEGAL_PAGE_SIZE"),
        ("?view=bankView&page=x", "ILLEGAL_PAGE_SIZE"),
        ("?view=bankView&size=20", "BAD_REQUEST"),
        ("?view=bankView&order=name,asc", "ILLEGAL_FIELD_VALUE"),
        ("?view=bankView&order=id,up", "ILLEGAL_FIELD_VALUE"),
        ("?view=bankView&minImportDate=1.12.2026", "ILLEGAL_FIELD_VALUE"),
        (
            "?view=bankView&minImportDate=2026-12-02&maxImportDate=2026-12-01",
            "INVALID_FILTER_OPTIONS",
        ),
        (f"?view=bankView&ids={'1,' * 1000}1", "TOO_MANY_IDS"),
    ],
)
async def test_a_list_that_is_asked_for_wrongly_is_refused(
    scene: Scene, query: str, code: str
) -> None:
    """1.2, 1.7: the view is required, pages have 1 to 500 bookings."""
    _, token = await signed_in(scene)

    refused = await scene.ask("GET", f"/api/v2/transactions{query}", token=token)

    assert (refused.status, refused.code) == (400, code)
    assert refused.json["requestId"] == "ours"


async def test_a_page_has_twenty_bookings_unless_it_is_told(scene: Scene) -> None:
    """1.2: the default is 20, the order says what is on which page."""
    user, connection = await scene.connected(scene.feed())
    for number in range(45):
        scene.world.book(scene.world.logins[0], f"{number}.00")
    await scene.updated(scene.feed(), user, connection)
    token = await scene.user_token(user)

    default = (await scene.ask("GET", LIST, token=token)).json
    last = (await scene.ask("GET", f"{LIST}&page=3&order=amount,desc", token=token)).json

    assert default["paging"] == {"page": 1, "perPage": 20, "pageCount": 3, "totalCount": 45}
    assert amounts(last) == [4, 3, 2, 1, 0]


def amounts(said: Json) -> list[object]:
    """The amounts of a page."""
    found = said["transactions"]
    assert isinstance(found, list)
    return [one["amount"] for one in found]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [1, -2, 3, 4]),
        ("&direction=income", [1, 3, 4]),
        ("&direction=spending", [-2]),
        ("&minAmount=1&maxAmount=3", [1, 3]),
        ("&minBankBookingDate=2026-11-01", [-2, 3, 4]),
        ("&maxFinapiBookingDate=2026-10-31", [1]),
        ("&minImportDate=2026-12-02", [4]),
        ("&maxImportDate=2026-12-01", [1, -2, 3]),
        ("&isPotentialDuplicate=true", [3]),
        ("&isAdjustingEntry=true", []),
        ("&isNew=false", []),
        ("&purpose=rechnung", [1, -2]),
        ("&counterpart=meier", [-2]),
        ("&search=DE02", [3]),
        ("&labelIds=1", []),
        ("&accountIds=1", []),
    ],
)
async def test_a_list_is_filtered(scene: Scene, query: str, found: list[int]) -> None:
    """1.7: every filter of the list."""
    feed = scene.feed()
    user, connection = await scene.connected(feed)
    login = scene.world.logins[0]
    scene.world.book(login, "1", bankBookingDate="2026-10-15", purpose="Rechnung 1")
    scene.world.book(login, "-2", purpose="RECHNUNG 2", counterpartName="Meier")
    scene.world.book(login, "3", isPotentialDuplicate=True, counterpartIban="DE02120300000000")
    await scene.updated(feed, user, connection)
    scene.world.clock.advance(timedelta(days=1))
    scene.world.book(login, "4", bankBookingDate="2026-11-20")
    await scene.updated(feed, user, connection)
    token = await scene.user_token(user)

    said = (await scene.ask("GET", f"{LIST}{query}", token=token)).json

    assert amounts(said) == found


async def test_a_split_booking_is_one_for_the_bank_and_two_for_the_user(scene: Scene) -> None:
    """1.7: bankView and userView."""
    feed = scene.feed()
    user, connection = await scene.connected(feed)
    scene.world.book(scene.world.logins[0], "100.00")
    await scene.updated(feed, user, connection)
    whole = int(next(iter(scene.world.transactions)))
    parts = scene.world.split(whole, "60.00", "40.00")
    token = await scene.user_token(user)

    bank = (await scene.ask("GET", LIST, token=token)).json
    users = (await scene.ask("GET", "/api/v2/transactions?view=userView", token=token)).json
    one = (await scene.ask("GET", f"{LIST}&ids={whole}", token=token)).json

    assert (amounts(bank), amounts(users), amounts(one)) == ([100.0], [60.0, 40.0], [100.0])
    assert len(parts) == 2


async def test_the_directory_knows_no_ibans(scene: Scene) -> None:
    """1.10: names, BICs, bank codes."""
    _, token = await signed_in(scene)

    assert "TESTDE00XXX" in (await scene.ask("GET", "/api/v2/banks?search=test", token=token)).text
    found = await scene.ask("GET", "/api/v2/banks?search=DE89370400440532013000", token=token)
    assert found.json["banks"] == []


async def test_the_test_door_books_as_an_update_by_night_does(scene: Scene) -> None:
    """1.11.7: bookings come in, or the login fails and the connection says so."""
    feed = scene.feed()
    user, connection = await scene.connected(feed)
    token = await scene.user_token(user)
    (account,) = scene.world.accounts
    new = {"amount": -12.5, "purpose": "Gebühr", "counterpart": "Bank", "bookingDate": "2026-11-30"}
    data = {"accountId": account, "accountBalance": 987.5, "newTransactions": [new]}
    update = {"bankConnectionId": int(connection), "bankingInterface": "XS2A"}

    asked = {"mockBankConnectionUpdates": [{**update, "mockAccountsData": [data]}]}
    assert (await scene.ask("POST", MOCK, token=token, body=asked)).status == 200

    one = (await scene.one(feed, user)).transaction
    assert (str(one.amount), one.counterparty_name) == ("-12.5", "Bank")
    assert str((await feed.connections(user))[0].accounts[0].balance) == "987.5"
    fails = {"mockBankConnectionUpdates": [{**update, "simulateBankLoginError": True}]}
    scene.world.clock.advance(timedelta(minutes=1))
    assert (await scene.ask("POST", MOCK, token=token, body=fails)).status == 200
    (told,) = await feed.connections(user)
    assert (told.result.value, told.needs_person) == ("REJECTED", True)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"interface": "XS2A"}, 400),
        ({"bankingInterface": "SMOKE"}, 400),
        ({"bankConnectionId": "101"}, 400),
        ({"bankConnectionId": 99999}, 404),
        ({"mockAccountsData": [{"accountId": 1}]}, 400),
        ({"mockAccountsData": [{"accountId": 99999, "accountBalance": 1}]}, 404),
        ({"mockAccountsData": [{"accountId": 1, "accountBalance": "1"}]}, 400),
        ({"mockAccountsData": {"accountId": 1}}, 400),
        (
            {
                "mockAccountsData": [
                    {"accountId": 1, "accountBalance": 1, "newTransactions": [{"amount": 1}] * 1001}
                ]
            },
            400,
        ),
    ],
)
async def test_the_test_door_refuses_a_wrong_body(scene: Scene, changed: Json, status: int) -> None:
    """1.11.7: the shape of the real sandbox, at most 1000 bookings."""
    _, connection = await scene.connected(scene.feed())
    (user,) = scene.world.users.values()
    known = FeedUser(id=user.id, password=SecretStr(user.password))
    token = await scene.user_token(known)
    update: Json = {"bankConnectionId": int(connection), "bankingInterface": "XS2A"}

    body = {"mockBankConnectionUpdates": [update | changed]}
    refused = await scene.ask("POST", MOCK, token=token, body=body)

    assert refused.status == status
    assert (await scene.ask("POST", MOCK, token=token, body={"updates": []})).status == 400
    assert (await scene.ask("POST", MOCK, token=token, body={})).status == 400


async def test_several_logins_and_accounts_are_kept_apart(scene: Scene) -> None:
    """An account belongs to one connection, a connection to one user."""
    scene.world.have_login("max", "2718", BankAccount("DE02120300000000202051"))
    feed = scene.feed()
    user, first = await scene.connected(feed)
    scene.world.book(scene.world.logins[1], "1.00")

    await scene.updated(feed, user, first)

    assert scene.world.transactions == {}


async def test_a_fault_is_used_up_and_the_record_says_what_was_answered(scene: Scene) -> None:
    """1.11.9: every request is written down with its answer."""
    _, token = await signed_in(scene)
    scene.world.fail_next("/accounts", Fault.DOWN)

    statuses = [(await scene.ask("GET", "/api/v2/accounts", token=token)).status for _ in range(2)]

    assert statuses == [503, 200]
    assert [one.status for one in scene.world.asked("/accounts")] == [503, 200]
