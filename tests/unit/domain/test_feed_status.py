"""The state of a bank connection as people read it, line by line (F098, banking 1.6)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from faktura.domain.bank_connections import (
    AccountFacts,
    BankConnection,
    ConnectedAccount,
    ConnectionFacts,
    Errand,
    ErrandFacts,
    Gap,
)
from faktura.domain.feed_status import ConnectionView, Severity, StatusAction, statuses
from faktura.domain.feed_words import action_line, status_line
from faktura.kernel.bank_terms import (
    Consent,
    FeedAccountState,
    FeedResult,
    FeedTaskKind,
    FeedTaskState,
)

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
HERE = UUID("01a190f9-0000-7001-8000-000000000001")
OURS = UUID("01a190f9-0000-7001-8000-000000000002")
IBAN = "DE89370400440532013000"
INFO, WARNING, ERROR = Severity.INFO, Severity.WARNING, Severity.ERROR


def connection(**facts: Any):
    return BankConnection(
        HERE, "finapi", "101", "Musterbank", ConnectionFacts(**facts), succeeded_at=NOW
    )


def account(**facts: Any):
    return ConnectedAccount(HERE, "5", OURS, AccountFacts(iban=IBAN, **facts))


def errand(state, **facts: Any):
    return Errand(
        HERE,
        "finapi",
        FeedTaskKind.UPDATE,
        state,
        HERE,
        "7",
        "anna",
        NOW,
        NOW,
        ErrandFacts(**facts),
    )


def lines(view, language="de"):
    """(line, severity, action) of each status."""
    return [
        (status_line(one, language, BERLIN), one.severity, one.action)
        for one in statuses(view, NOW)
    ]


def test_a_connection_that_is_well_says_when_it_was_updated():
    """10:00 on the tenant's clock."""
    view = ConnectionView(connection(result=FeedResult.OK), [account()])

    assert lines(view) == [("Zuletzt abgerufen 21.11.2026 10:00", INFO, StatusAction.NONE)]
    assert lines(view, "en") == [("Last updated 21 Nov 2026 10:00", INFO, StatusAction.NONE)]


def test_one_that_was_never_updated_says_so():
    """Nothing is wrong yet."""
    view = ConnectionView(BankConnection(HERE, "finapi", "101", "Musterbank"))

    assert lines(view) == [("Zuletzt abgerufen nie", INFO, StatusAction.NONE)]


@pytest.mark.parametrize(
    ("facts", "line", "severity", "action"),
    [
        ({"is_busy": True}, "Abruf läuft", INFO, StatusAction.WAIT),
        (
            {"needs_person": True},
            "Bank verlangt Freigabe (TAN)",
            WARNING,
            StatusAction.OPEN_FORM,
        ),
        (
            {"result": FeedResult.REJECTED, "message": "PIN falsch"},
            "Bank lehnt ab: PIN falsch",
            ERROR,
            StatusAction.NEW_PIN,
        ),
        (
            {"result": FeedResult.TECHNICAL},
            "Technische Störung, neuer Versuch in Kürze",
            WARNING,
            StatusAction.WAIT,
        ),
        (
            {"problem": "HTTP 502"},
            "Technische Störung, neuer Versuch in Kürze",
            WARNING,
            StatusAction.WAIT,
        ),
        (
            {"consent": Consent.ABSENT},
            "Zustimmung abgelaufen",
            ERROR,
            StatusAction.OPEN_FORM,
        ),
        (
            {"consent": Consent.PRESENT, "consent_until": NOW},
            "Zustimmung abgelaufen",
            ERROR,
            StatusAction.OPEN_FORM,
        ),
        (
            {"consent": Consent.PRESENT, "consent_until": NOW + timedelta(days=13)},
            "Zustimmung läuft am 04.12.2026 ab",
            WARNING,
            StatusAction.OPEN_FORM,
        ),
        (
            {"gap": Gap(date(2026, 5, 1), date(2026, 8, 24), NOW)},
            "Vom 01.05.2026 bis 24.08.2026 fehlen womöglich Umsätze",
            WARNING,
            StatusAction.UPLOAD,
        ),
        (
            {"adjusted": ("Zwischensaldo 3.00",)},
            "Der Dienst hat Salden ausgeglichen: Zwischensaldo 3.00",
            WARNING,
            StatusAction.UPLOAD,
        ),
    ],
)
def test_what_the_feed_says_of_a_connection_has_its_line(facts, line, severity, action):
    """Banking 1.6, one row after the other."""
    assert lines(ConnectionView(connection(**facts))) == [(line, severity, action)]


@pytest.mark.parametrize(
    ("facts", "line", "severity", "action"),
    [
        (
            {"state": FeedAccountState.FAILED},
            f"Konto {IBAN}: Abruf fehlgeschlagen",
            ERROR,
            StatusAction.UPDATE,
        ),
        (
            {"state": FeedAccountState.GONE},
            f"Konto {IBAN} bei der Bank nicht mehr vorhanden",
            ERROR,
            StatusAction.LINK,
        ),
        (
            {"differs": True},
            f"Konto {IBAN} ist nicht mehr das verknüpfte: Es wird nichts davon eingelesen",
            ERROR,
            StatusAction.LINK,
        ),
        ({"is_seized": True}, f"Konto {IBAN} gepfändet", WARNING, StatusAction.NONE),
        (
            {"updated_at": NOW - timedelta(days=3)},
            "Seit 3 Tagen kein Abruf",
            WARNING,
            StatusAction.UPDATE,
        ),
    ],
)
def test_what_is_said_of_an_account_has_its_line(facts, line, severity, action):
    """Banking 1.6: accounts have states of their own."""
    assert lines(ConnectionView(connection(), [account(**facts)])) == [(line, severity, action)]


def test_a_refusal_says_more_than_that_a_person_is_needed():
    """One line where finAPI sets both marks."""
    view = ConnectionView(
        connection(result=FeedResult.REJECTED, message="PIN falsch", needs_person=True)
    )

    assert [one[2] for one in lines(view)] == [StatusAction.NEW_PIN]


def test_an_account_without_a_bank_account_asks_for_one():
    """But one that is gone does not, nor is its failure anybody's matter."""
    free = replace(account(), bank_account_id=None)
    gone = replace(account(state=FeedAccountState.GONE), bank_account_id=None)
    failed = replace(account(state=FeedAccountState.FAILED), bank_account_id=None)

    unlinked = (f"Konto {IBAN} ist mit keinem Bankkonto verknüpft", WARNING, StatusAction.LINK)
    assert lines(ConnectionView(connection(), [free])) == [unlinked]
    assert lines(ConnectionView(connection(), [gone]))[0][2] is StatusAction.NONE
    assert lines(ConnectionView(connection(), [failed])) == [unlinked]


def test_an_account_that_failed_is_not_called_silent_as_well():
    """One cause, one line."""
    old = account(state=FeedAccountState.FAILED, updated_at=NOW - timedelta(days=9))

    assert [one[2] for one in lines(ConnectionView(connection(), [old]))] == [StatusAction.UPDATE]


def test_an_account_is_called_by_the_best_name_there_is():
    """IBAN, number, name, the feed's id."""
    names = [
        AccountFacts(iban=IBAN, number="1", name="Giro"),
        AccountFacts(number="1", name="Giro"),
        AccountFacts(name="Giro"),
        AccountFacts(),
    ]

    labels = [ConnectedAccount(HERE, "5", None, facts).label for facts in names]

    assert labels == [IBAN, "1", "Giro", "5"]


def test_what_is_under_way_stands_first():
    """Abruf läuft, before the consent that ends."""
    view = ConnectionView(
        connection(consent_until=NOW + timedelta(days=1)), (), errand(FeedTaskState.RUNNING)
    )

    assert [one[0] for one in lines(view, "en")] == [
        "An update is running",
        "The consent runs out on 22 Nov 2026",
    ]


def test_the_form_of_the_bank_is_named_as_long_as_it_is_good():
    """A form that ran out is asked for anew by another update."""
    good = errand(FeedTaskState.FORM_NEEDED, url="https://form", url_until=NOW + timedelta(1))
    endless = errand(FeedTaskState.FORM_NEEDED, url="https://form")
    over = errand(FeedTaskState.FORM_NEEDED, url="https://form", url_until=NOW)

    found = [statuses(ConnectionView(connection(), (), one), NOW) for one in (good, endless, over)]

    assert [[status.url for status in one] for one in found] == [
        ["https://form"],
        ["https://form"],
        [""],
    ]


def test_a_broken_access_and_an_ended_connection_say_so():
    """Of what has ended nothing else is said."""
    broken = ConnectionView(connection(), broken="the key is refused")
    ended = ConnectionView(replace(connection(needs_person=True), ended_at=NOW))

    assert lines(broken) == [("Zugang gestört: the key is refused", ERROR, StatusAction.SETTINGS)]
    assert lines(ended) == [("Getrennt seit 21.11.2026 10:00", INFO, StatusAction.NONE)]


def test_a_gap_is_told_for_thirty_days():
    """After that its task alone reminds."""
    old = Gap(date(2026, 5, 1), date(2026, 8, 24), NOW - timedelta(days=30))

    assert lines(ConnectionView(connection(gap=old)))[0][0].startswith("Zuletzt abgerufen")


def test_the_next_try_after_a_fault_is_told_with_its_time():
    """10:15 on the tenant's clock."""
    faulty = replace(connection(result=FeedResult.TECHNICAL), next_at=NOW + timedelta(minutes=15))

    assert lines(ConnectionView(faulty))[0][0] == (
        "Technische Störung, neuer Versuch 21.11.2026 10:15"
    )


def test_every_action_has_words_in_both_languages():
    """Only where there is nothing to do nothing is said."""
    german = {action: action_line(action, "de") for action in StatusAction}
    english = {action: action_line(action, "en") for action in StatusAction}

    assert german[StatusAction.NEW_PIN] == "Banking-PIN ändern"
    assert english[StatusAction.OPEN_FORM] == "Open the bank's form"
    assert [one for one, words in german.items() if not words] == [StatusAction.NONE]
    assert [one for one, words in english.items() if not words] == [StatusAction.NONE]
