"""Which fields a body may have, and what they may hold; a name that finAPI lacks is refused."""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import cast

from aiohttp import web

from finapi_double.records import Json

Check = Callable[[object], str]
ACCOUNT_TYPES = (
    "CHECKING",
    "SAVINGS",
    "CREDIT_CARD",
    "SECURITY",
    "MEMBERSHIP",
    "LOAN",
    "BAUSPAREN",
)
INTERFACES = ("XS2A", "FINTS_SERVER", "WEB_SCRAPER")


def text(most: int = 10_000) -> Check:
    """A text of that length."""

    def check(value: object) -> str:
        if not isinstance(value, str):
            return "must be a text"
        return "" if len(value) <= most else f"must have at most {most} characters"

    return check


def integer(value: object) -> str:
    """A whole number."""
    return "" if isinstance(value, int) and not isinstance(value, bool) else "must be an integer"


def boolean(value: object) -> str:
    """True or false."""
    return "" if isinstance(value, bool) else "must be true or false"


def number(value: object) -> str:
    """A number."""
    return "" if isinstance(value, int | Decimal) and not isinstance(value, bool) else "no number"


def days(value: object) -> str:
    """0 for all, or 14 to 3650."""
    fits = isinstance(value, int) and (value == 0 or 14 <= value <= 3650)
    return "" if fits else "must be 0 or from 14 to 3650"


def one_of(*words: str) -> Check:
    """One of these words."""
    return lambda value: "" if value in words else f"must be one of {', '.join(words)}"


def each(check: Check, most: int = 10_000) -> Check:
    """A list of these."""

    def check_all(value: object) -> str:
        if not isinstance(value, list) or len(value) > most:
            return f"must be a list of at most {most}"
        return next((found for one in value if (found := check(one))), "")

    return check_all


def obj(fields: Mapping[str, Check], *required: str) -> Check:
    """An object of these fields."""

    def check(value: object) -> str:
        found = wrong(value, fields, required)
        return f"{found[0][0]} {found[0][1]}" if found else ""

    return check


def wrong(
    value: object, fields: Mapping[str, Check], required: tuple[str, ...] = ()
) -> list[tuple[str, str]]:
    """The fields that are unknown, missing or hold what they may not."""
    if not isinstance(value, Mapping):
        return [("body", "must be an object")]
    said = cast("Mapping[str, object]", value)
    found = [(name, "is unknown") for name in said if name not in fields]
    found += [(name, "is missing") for name in required if name not in said]
    found += [
        (name, problem)
        for name, given in said.items()
        if name in fields and given is not None and (problem := fields[name](given))
    ]
    return found


async def body_of(request: web.Request) -> Json | None:
    """The JSON body with exact numbers; None for what is none."""
    if request.content_type != "application/json":
        return None
    try:
        said = json.loads(await request.text(), parse_float=Decimal)
    except (ValueError, InvalidOperation):
        return None
    return said if isinstance(said, dict) else None


IMPORT: Mapping[str, Check] = {
    "bank": obj({"id": integer, "search": text()}),
    "bankConnectionName": text(64),
    "skipBalancesDownload": boolean,
    "skipPositionsDownload": boolean,
    "skipDuplicateDetection": boolean,
    "loadOwnerData": boolean,
    "maxDaysForDownload": days,
    "accountTypes": each(one_of(*ACCOUNT_TYPES)),
    "allowedInterfaces": each(one_of(*INTERFACES)),
    "callbacks": obj({"finalised": text(2048)}),
    "profileId": text(36),
    "redirectUrl": text(2048),
    "allowTestBank": boolean,
}
UPDATE: Mapping[str, Check] = {
    "bankConnectionId": integer,
    "importNewAccounts": boolean,
    "importNewAccountsMode": one_of("SKIP", "CONDITIONAL", "FORCED"),
    "accountTypes": each(one_of(*ACCOUNT_TYPES)),
    "allowedInterfaces": each(one_of(*INTERFACES)),
    "skipBalancesDownload": boolean,
    "skipPositionsDownload": boolean,
    "skipDuplicateDetection": boolean,
    "loadOwnerData": boolean,
    "manageSavedSettings": each(one_of("CREDENTIALS", "DEFAULT_TWO_STEP_PROCEDURE")),
    "callbacks": obj({"finalised": text(2048), "webFormRequired": text(2048)}),
    "profileId": text(36),
    "redirectUrl": text(2048),
    "userMetadata": obj(
        {"ipAddress": text(64), "deviceOs": text(1024), "userAgent": text(1024)},
        "ipAddress",
        "deviceOs",
        "userAgent",
    ),
}
USER: Mapping[str, Check] = {
    "id": text(36),
    "password": text(128),
    "email": text(320),
    "phone": text(50),
    "isAutoUpdateEnabled": boolean,
}
NEW_TRANSACTION: Mapping[str, Check] = {
    "amount": number,
    "currency": text(3),
    "originalAmount": number,
    "originalCurrency": text(3),
    "purpose": text(2000),
    "counterpart": text(80),
    "counterpartIban": text(),
    "counterpartBlz": text(),
    "counterpartBic": text(),
    "counterpartAccountNumber": text(),
    "bookingDate": text(10),
    "valueDate": text(10),
    "typeId": integer,
    "counterpartMandateReference": text(270),
    "counterpartCreditorId": text(270),
    "counterpartCustomerReference": text(270),
    "counterpartDebitorId": text(100),
    "type": text(270),
    "typeCodeSwift": text(),
    "sepaPurposeCode": text(),
}
MOCK_ACCOUNT: Mapping[str, Check] = {
    "accountId": integer,
    "accountBalance": number,
    "newTransactions": each(obj(NEW_TRANSACTION, "amount"), 1000),
}
MOCK_CONNECTION: Mapping[str, Check] = {
    "bankConnectionId": integer,
    "bankingInterface": one_of(*INTERFACES),
    "simulateBankLoginError": boolean,
    "mockAccountsData": each(obj(MOCK_ACCOUNT, "accountId", "accountBalance")),
}
MOCK: Mapping[str, Check] = {
    "mockBankConnectionUpdates": each(obj(MOCK_CONNECTION, "bankConnectionId", "bankingInterface")),
    "triggerNotifications": boolean,
}
DIRECT_UPDATE: Mapping[str, Check] = {
    "bankConnectionId": integer,
    "bankingInterface": one_of(*INTERFACES),
    "loginCredentials": each(obj({"label": text(), "value": text()}, "label", "value")),
    "storeSecrets": boolean,
}
DIRECT_IMPORT: Mapping[str, Check] = {**DIRECT_UPDATE, "bankId": integer, "name": text()}
