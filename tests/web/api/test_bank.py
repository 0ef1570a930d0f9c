"""Bank accounts and statement files through the REST door, on both databases."""

from tests.web.api.bank_files import IBAN, OCTOBER, OTHER_IBAN, in_a_form, moved, statement
from tests.web.api.world import Answered, Caller

from faktura.domain.api_keys import Scope

READING = frozenset({Scope.BANK_READ})
ACCOUNT = {"iban": IBAN, "holder": "Nordwind GmbH", "bic": "BYLADEM1001", "ledgerAccount": "1200"}


async def account_of(caller: Caller, **changes: object) -> Answered:
    """Add the account, or another one."""
    answered = await caller.post("/BankAccounts", {**ACCOUNT, **changes})
    assert answered.status == 201, answered.body
    return answered


async def upload(
    caller: Caller,
    content: bytes = OCTOBER,
    path: str = f"/BankStatements?account={IBAN}&filename=october.xml",
) -> Answered:
    """Upload a file as it is."""
    return await caller.post(path, content, Content_Type="application/octet-stream")


def told(answered: Answered) -> tuple[int, str, str | None]:
    """Status, error key and field of a refusal."""
    return answered.status, answered.json["errorKey"], answered.json.get("field")


async def test_an_account_is_added_and_found_by_its_iban(nord):
    made = await account_of(nord)

    assert made.headers["Location"] == f"/api/v1/BankAccounts/{IBAN}"
    assert made.json == {**ACCOUNT, "currency": "EUR", "notifications": "DETAILS"}
    assert (await nord.get(f"/BankAccounts/{IBAN}")).json == made.json


async def test_accounts_are_listed_by_iban(nord):
    await account_of(nord, iban=OTHER_IBAN)
    await account_of(nord, iban="DE02 1203 0000 0000 2020 51")

    listed = (await nord.get("/BankAccounts")).json

    assert [account["iban"] for account in listed["data"]] == [IBAN, OTHER_IBAN]
    assert listed["nextCursor"] is None


async def test_an_account_that_cannot_be_is_refused_with_the_path_of_the_field(nord):
    await account_of(nord)
    refused = [
        told(await nord.post("/BankAccounts", body))
        for body in (
            {"iban": IBAN},
            {**ACCOUNT, "iban": 5},
            {**ACCOUNT, "owner": "?"},
            {**ACCOUNT, "iban": "DE03120300000000202051"},
            {**ACCOUNT, "iban": OTHER_IBAN, "bic": "?"},
            {**ACCOUNT, "iban": OTHER_IBAN, "ledgerAccount": "12"},
            {**ACCOUNT, "iban": OTHER_IBAN, "currency": "XXX"},
            ACCOUNT,
        )
    ]

    assert refused == [
        (400, "field_missing", "/holder"),
        (400, "field_invalid", "/iban"),
        (400, "field_unknown", "/owner"),
        (422, "field_invalid", "/iban"),
        (422, "field_invalid", "/bic"),
        (422, "field_invalid", "/ledgerAccount"),
        (422, "unknown_term", "/currency"),
        (409, "number_taken", "/iban"),
    ]


async def test_an_account_that_nobody_has_is_not_found(nord, sued):
    await account_of(nord)

    for caller, iban in ((nord, OTHER_IBAN), (sued, IBAN)):
        assert (await caller.get(f"/BankAccounts/{iban}")).status == 404
        change = await caller.patch(f"/BankAccounts/{iban}", {"ledgerAccount": "1210"})
        assert (change.status, change.json["errorKey"]) == (404, "not_found")


async def test_the_ledger_account_is_told_later(nord):
    await account_of(nord, ledgerAccount=None)

    changed = await nord.patch(f"/BankAccounts/{IBAN}", {"ledgerAccount": "1200"})

    assert changed.status == 200
    assert changed.json == {**ACCOUNT, "currency": "EUR", "notifications": "DETAILS"}
    assert (await nord.get(f"/BankAccounts/{IBAN}")).json == changed.json
    assert (await nord.patch(f"/BankAccounts/{IBAN}", {})).json == changed.json


async def test_what_notifications_are_to_an_account_is_said_at_any_time(nord):
    only = (await nord.post("/BankAccounts", {**ACCOUNT, "notifications": "BOOKINGS"})).json
    changed = await nord.patch(f"/BankAccounts/{IBAN}", {"notifications": "DETAILS"})
    refused = told(await nord.patch(f"/BankAccounts/{IBAN}", {"notifications": "SOMETIMES"}))

    assert only["notifications"] == "BOOKINGS"
    assert changed.json == {**only, "notifications": "DETAILS"}
    assert refused == (422, "unknown_term", "/notifications")


async def test_nothing_else_changes_of_an_account(nord):
    await account_of(nord)
    refused = [
        told(await nord.patch(f"/BankAccounts/{IBAN}", body))
        for body in ({"holder": "X"}, {"ledgerAccount": 1200}, {"ledgerAccount": None})
    ]

    assert refused == [
        (400, "field_unknown", "/holder"),
        (400, "field_invalid", "/ledgerAccount"),
        (400, "field_invalid", "/ledgerAccount"),
    ]


async def test_a_change_of_another_state_than_the_seen_one_is_refused(nord):
    await account_of(nord)
    seen = (await nord.get(f"/BankAccounts/{IBAN}")).headers["ETag"]
    path = f"/BankAccounts/{IBAN}"

    first = await nord.patch(path, {"ledgerAccount": "1210"}, If_Match=seen)
    second = await nord.patch(path, {"ledgerAccount": "1220"}, If_Match=seen)

    assert first.status == 200
    assert told(second) == (412, "precondition_failed", "If-Match")
    assert (await nord.get(path)).json["ledgerAccount"] == "1210"


async def test_an_uploaded_file_is_kept_and_what_it_pays_is_booked(nord):
    await account_of(nord)

    answered = await upload(nord)

    assert answered.status == 201
    report = answered.json
    assert answered.headers["Location"] == f"/api/v1/BankStatements/{report['id']}"
    assert report == {
        "id": report["id"],
        "account": IBAN,
        "file": "october.xml",
        "format": "camt",
        "alreadyImported": False,
        "statements": 1,
        "entries": 3,
        "new": 3,
        "duplicates": 0,
        "previews": 0,
        "held": 0,
        "expanded": 0,
        "files": [],
        "otherAccounts": [],
        "warnings": [],
        "matched": {"booked": 1, "returned": 0, "open": 2},
    }
    assert (await nord.get("/Invoices/RE-000001")).json["state"] == "PAID"


async def test_a_file_comes_as_part_of_a_form_too_and_brings_its_name(nord):
    await account_of(nord)
    form, content_type = in_a_form(OCTOBER, "form.xml")

    path = f"/BankStatements?account={IBAN}"
    answered = await nord.post(path, form, Content_Type=content_type)

    assert answered.status == 201
    assert (answered.json["file"], answered.json["new"]) == ("form.xml", 3)


async def test_the_same_file_again_adds_nothing(nord):
    await account_of(nord)
    first = (await upload(nord)).json

    again = (await upload(nord)).json

    assert again == {
        **first,
        "alreadyImported": True,
        "statements": 0,
        "entries": 0,
        "new": 0,
        "matched": {"booked": 0, "returned": 0, "open": 2},
    }


async def test_imported_files_are_listed_newest_first_and_shown_with_their_statements(nord):
    await account_of(nord)
    await account_of(nord, iban=OTHER_IBAN)
    first = (await upload(nord)).json["id"]
    later = statement(moved("1.00", "?", on="2026-10-31"), number="S2")
    second = (await upload(nord, later)).json["id"]

    page = (await nord.get("/BankStatements?limit=1")).json
    rest = (await nord.get(f"/BankStatements?limit=1&cursor={page['nextCursor']}")).json
    none = (await nord.get(f"/BankStatements?account={OTHER_IBAN}")).json
    shown = (await nord.get(f"/BankStatements/{first}")).json

    assert {page["data"][0]["id"], rest["data"][0]["id"]} == {first, second}
    assert (rest["nextCursor"], none["data"]) == (None, [])
    assert shown == {
        "id": first,
        "account": IBAN,
        "file": "october.xml",
        "format": "camt",
        "statements": 1,
        "entries": 3,
        "new": 3,
        "duplicates": 0,
        "previews": 0,
        "held": 0,
        "expanded": 0,
        "files": [],
        "otherAccounts": [],
        "warnings": [],
        "importedAt": "2026-10-31T08:00:00.000Z",
        "contents": [
            {
                "messageId": "MSG-1",
                "statementId": "S1",
                "sequence": None,
                "page": None,
                "opening": "1000.00",
                "closing": "597.10",
                "balanced": True,
                "endsOn": "2026-10-30",
                "warnings": [],
            }
        ],
    }


async def test_a_file_that_cannot_be_used_is_refused_and_adds_nothing(nord):
    await account_of(nord)
    refused = [
        told(await upload(nord, content))[:2]
        for content in (
            b"date;amount\n",
            b"",
            OCTOBER[:-40],
            statement(moved("1.00", "?", on="2026-10-31"), iban=OTHER_IBAN),
        )
    ]

    assert refused == [
        (400, "file_unreadable"),
        (400, "file_unreadable"),
        (400, "file_unreadable"),
        (422, "wrong_account"),
    ]
    assert (await nord.get("/BankStatements")).json["data"] == []
    assert (await nord.get("/BankTransactions")).json["data"] == []


async def test_an_upload_names_an_account_that_exists(nord):
    missing = await upload(nord, path="/BankStatements?filename=a.xml")
    unknown = await upload(nord, path=f"/BankStatements?account={IBAN}&filename=a.xml")
    not_one = await upload(nord, path="/BankStatements?account=7&filename=a.xml")

    assert told(missing) == (400, "field_missing", "account")
    assert (unknown.status, unknown.json["errorKey"]) == (404, "not_found")
    assert told(not_one) == (422, "field_invalid", "account")


async def test_a_file_that_nobody_has_is_not_found(nord, sued):
    await account_of(nord)
    own = (await upload(nord)).json["id"]

    for caller, name in ((nord, "0" * 96), (nord, "7"), (nord, own.upper()), (sued, own)):
        answered = await caller.get(f"/BankStatements/{name}")
        assert (answered.status, answered.json["errorKey"]) == (404, "not_found")
    assert (await sued.get("/BankStatements")).json["data"] == []


async def test_a_cursor_that_nobody_gave_is_refused(nord):
    answered = await nord.get("/BankStatements?cursor=WyI3Il0")

    assert (answered.status, answered.json["errorKey"]) == (404, "not_found")


async def test_a_key_needs_the_scope_to_read_and_the_one_to_write(nord, calling):
    await account_of(nord)
    reader = calling("nord", scopes=READING)
    stranger = calling("nord", scopes=frozenset({Scope.INVOICES_READ}))
    own = (await upload(nord)).json["id"]

    for path in ("/BankAccounts", f"/BankAccounts/{IBAN}", "/BankStatements"):
        assert (await reader.get(path)).status == 200
        assert told(await stranger.get(path))[:2] == (403, "scope_missing")
    assert told(await stranger.get(f"/BankStatements/{own}"))[:2] == (403, "scope_missing")
    for answered in (
        await reader.post("/BankAccounts", ACCOUNT),
        await reader.patch(f"/BankAccounts/{IBAN}", {"ledgerAccount": "1210"}),
        await upload(reader),
    ):
        assert told(answered)[:2] == (403, "scope_missing")
