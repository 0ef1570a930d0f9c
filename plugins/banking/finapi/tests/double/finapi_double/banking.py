"""What happens at the bank: connections are made and updated as the login's scenario says (1.11.3)."""

from datetime import date, timedelta
from decimal import Decimal

from finapi_double.records import Account, Connection, Form, Json, Task
from finapi_double.words import Scenario, Trouble
from finapi_double.world import World

_REACH = timedelta(days=89)
_REJECTED = "BANK_SERVER_REJECTION"
_STATES = {Trouble.FAILED: "DOWNLOAD_FAILED", Trouble.DEPRECATED: "DEPRECATED"}
_OF_PERSON = (Scenario.TAN_REQUIRED, Scenario.CONSENT_EXPIRED)


def import_connection(world: World, form: Form, name: str, pin: str) -> None:
    """A person logged in at the form: a connection with its accounts, or why there is none."""
    login = next((one for one in world.logins if one.name == name), None)
    if login is None or login.pin != pin:
        _failed(form, _REJECTED, "Anmeldename oder PIN falsch")
        return
    for one in world.connections.values():
        if one.user == form.user and one.login is login:
            _failed(form, "ENTITY_EXISTS", "Bankverbindung besteht bereits")
            form.payload["bankConnectionId"] = one.id
            return
    if login.scenario is Scenario.BANK_DOWN:
        _failed(form, "UNEXPECTED_ACCESS_RESPONSE", "Die Bank antwortet nicht")
        return
    made = Connection(world.new_id(), form.user, login, pin, busy=world.busy_reads)
    made.consent_until = world.clock.now() + timedelta(days=180)
    world.connections[made.id] = made
    for bank in login.accounts:
        account = Account(world.new_id(), made.id, bank)
        world.accounts[account.id] = account
        made.accounts.append(account.id)
    reach = int(str(form.details.get("maxDaysForDownload", 90)))
    _download(world, made, timedelta(days=reach) if reach else None, fills=False)
    made.manual = _result(world, "OK")
    form.status = "COMPLETED"
    form.payload["bankConnectionId"] = made.id


def new_task(world: World, made: Connection, details: Json) -> Task:
    """An update that was just asked for; one of the login's own settings needs a person at once."""
    login = made.login
    task = Task(world.new_word("task"), made.user, made.id, world.clock.now(), details)
    task.polls = login.slow_polls if login.scenario is Scenario.SLOW else 0
    task.payload["bankConnectionId"] = made.id
    world.tasks[task.id] = task
    return task


def settle(world: World, task: Task) -> None:
    """The bank's answer to an update, as the login's scenario says."""
    made = world.connections[task.connection]
    login = made.login
    if task.details.get("manageSavedSettings") and not task.confirmed:
        _ask_person(world, task)
    elif made.pin != login.pin:
        # As banks do, in their own language whatever was asked for.
        _rejected(world, made, task, "BUSINESS", "PIN falsch")
    elif login.scenario is Scenario.TERMS:
        message = "Bitte stimmen Sie im Online-Banking den neuen Bedingungen zu"
        _rejected(world, made, task, "BUSINESS", message)
    elif login.scenario is Scenario.REJECTED_TECHNICALLY:
        _rejected(world, made, task, "TECHNICAL", "Zurzeit nicht erreichbar")
    elif login.scenario is Scenario.BANK_DOWN:
        task.status = "COMPLETED_WITH_ERROR"
        task.payload |= {"errorCode": "UNEXPECTED_ACCESS_RESPONSE", "errorMessage": "Timeout"}
        made.manual = _result(world, "INTERNAL_SERVER_ERROR", "TECHNICAL", "Timeout")
    elif login.scenario in _OF_PERSON and not task.confirmed:
        if login.scenario is Scenario.CONSENT_EXPIRED:
            made.consent, made.consent_until = "NOT_PRESENT", None
        _ask_person(world, task)
    else:
        _succeed(world, made, task)


def confirm(world: World, task: Task, pin: str) -> None:
    """A person did what the form of an update asked for; a PIN is kept when it may be edited."""
    made = world.connections[task.connection]
    if task.details.get("manageSavedSettings"):
        made.pin = pin
    task.confirmed = True
    if made.login.scenario in _OF_PERSON:
        made.login.scenario = Scenario.OK
    if made.consent != "PRESENT":
        made.consent, made.consent_until = "PRESENT", world.clock.now() + timedelta(days=180)
    settle(world, task)


def mock_bookings(world: World, account: Account, balance: str, bookings: list[Json]) -> None:
    """New bookings as the test door puts them there, without a bank."""
    account.at_bank.balance = balance
    today = world.clock.now().date().isoformat()
    for one in bookings:
        booked = one.pop("bookingDate", today)
        booking: Json = {"bankBookingDate": booked, "valueDate": one.pop("valueDate", booked)}
        booking["counterpartName"] = one.pop("counterpart", None)
        world.imported(account.id, booking | one)


def auto_result(world: World, made: Connection, *, fails: bool) -> None:
    """How finAPI's own update ended."""
    result = _result(world, _REJECTED, "BUSINESS", "PIN falsch") if fails else _result(world, "OK")
    made.auto = result
    made.needs_person = fails


def _succeed(world: World, made: Connection, task: Task) -> None:
    _download(world, made, _REACH, fills=True)
    made.manual, made.needs_person = _result(world, "OK"), False
    made.busy = world.busy_reads
    task.status = "COMPLETED"


def _rejected(world: World, made: Connection, task: Task, kind: str, message: str) -> None:
    made.manual = _result(world, _REJECTED, kind, message)
    made.needs_person = kind == "BUSINESS"
    task.status = "COMPLETED_WITH_ERROR"
    task.payload["errorCode"] = _REJECTED


def _ask_person(world: World, task: Task) -> None:
    form = Form(
        world.new_word("form"),
        task.user,
        "BANK_CONNECTION_UPDATE",
        world.clock.now(),
        world.form_ends(),
        task.details,
        task=task.id,
    )
    world.forms[form.id] = form
    task.form, task.status = form.id, "WEB_FORM_REQUIRED"
    world.connections[task.connection].needs_person = True


def _failed(form: Form, code: str, message: str) -> None:
    form.status = "COMPLETED_WITH_ERROR"
    form.payload |= {"errorCode": code, "errorMessage": message}


def _result(world: World, result: str, kind: str | None = None, message: str | None = None) -> Json:
    said: Json = {"result": result, "timestamp": world.moment()}
    return said | ({"errorType": kind, "errorMessage": message} if kind else {})


def _download(world: World, made: Connection, reach: timedelta | None, *, fills: bool) -> None:
    """Bookings that are new at the bank; those out of reach become one entry that fits the balance."""
    now = world.clock.now()
    for number in made.accounts:
        account = world.accounts[number]
        account.tried_at = now
        account.status = _STATES.get(account.at_bank.trouble, "UPDATED")
        if account.status != "UPDATED":
            continue
        first = (now - reach).date() if reach is not None else date.min
        new = account.at_bank.bookings[account.taken :]
        account.taken += len(new)
        missed = [one for one in new if date.fromisoformat(str(one["bankBookingDate"])) < first]
        if missed and fills:
            _adjust(world, account, missed)
        for one in new:
            if one not in missed:
                world.imported(account.id, one)
        account.succeeded_at = now


def _adjust(world: World, account: Account, missed: list[Json]) -> None:
    today = world.clock.now().date().isoformat()
    gap = sum((Decimal(str(one["amount"])) for one in missed), Decimal(0))
    entry: Json = {"amount": str(gap), "bankBookingDate": today, "valueDate": today}
    entry |= {"purpose": "Zwischensaldo", "isAdjustingEntry": True}
    world.imported(account.id, entry)
    account.status = "UPDATED_FIXED"
