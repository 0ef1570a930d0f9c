"""The lines of a connection's state in German and English, and what to do about each (F098)."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo

from faktura.domain.document_language import day_text, is_german
from faktura.domain.feed_status import FeedStatus, StatusAction, StatusCode

_LINES: Mapping[StatusCode, tuple[str, str]] = {
    StatusCode.ENDED: ("Getrennt seit {at}", "Disconnected since {at}"),
    StatusCode.FEED_BROKEN: ("Zugang gestört: {text}", "The access is broken: {text}"),
    StatusCode.UPDATING: ("Abruf läuft", "An update is running"),
    StatusCode.NEEDS_PERSON: (
        "Bank verlangt Freigabe (TAN)",
        "The bank asks for an approval (TAN)",
    ),
    StatusCode.REJECTED: ("Bank lehnt ab: {text}", "The bank refuses: {text}"),
    StatusCode.TECHNICAL: (
        "Technische Störung, neuer Versuch {at}",
        "Technical fault, next try {at}",
    ),
    StatusCode.CONSENT_ENDED: ("Zustimmung abgelaufen", "The consent has run out"),
    StatusCode.CONSENT_ENDS: ("Zustimmung läuft am {day} ab", "The consent runs out on {day}"),
    StatusCode.ACCOUNT_FAILED: (
        "Konto {account}: Abruf fehlgeschlagen",
        "Account {account}: its update failed",
    ),
    StatusCode.ACCOUNT_GONE: (
        "Konto {account} bei der Bank nicht mehr vorhanden",
        "Account {account} is no longer there at the bank",
    ),
    StatusCode.ACCOUNT_DIFFERS: (
        "Konto {account} ist nicht mehr das verknüpfte: Es wird nichts davon eingelesen",
        "Account {account} is not the linked one any more: nothing of it is imported",
    ),
    StatusCode.ACCOUNT_UNLINKED: (
        "Konto {account} ist mit keinem Bankkonto verknüpft",
        "Account {account} is linked to no bank account",
    ),
    StatusCode.SILENT: ("Seit {days} Tagen kein Abruf", "No update for {days} days"),
    StatusCode.SEIZED: ("Konto {account} gepfändet", "Account {account} is seized"),
    StatusCode.GAP: (
        "Vom {first} bis {last} fehlen womöglich Umsätze",
        "Bookings from {first} to {last} may be missing",
    ),
    StatusCode.ADJUSTED: (
        "Der Dienst hat Salden ausgeglichen: {text}",
        "The feed has adjusted balances: {text}",
    ),
    StatusCode.WELL: ("Zuletzt abgerufen {at}", "Last updated {at}"),
}

_ACTIONS: Mapping[StatusAction, tuple[str, str]] = {
    StatusAction.NONE: ("", ""),
    StatusAction.WAIT: ("Abwarten", "Wait"),
    StatusAction.OPEN_FORM: ("Formular der Bank öffnen", "Open the bank's form"),
    StatusAction.NEW_PIN: ("Banking-PIN ändern", "Change the banking PIN"),
    StatusAction.UPDATE: ("Jetzt abrufen", "Update now"),
    StatusAction.LINK: ("Konto neu zuordnen", "Link the account anew"),
    StatusAction.UPLOAD: (
        "Kontoauszug als Datei hochladen",
        "Upload the statements as a file",
    ),
    StatusAction.SETTINGS: ("Zugangsdaten prüfen", "Check the settings"),
}
_NEVER = ("nie", "never")
_SOON = ("in Kürze", "soon")


def status_line(status: FeedStatus, language: str, time_zone: tzinfo) -> str:
    """The line for people, moments by their clock; `language` `de` is German, all others English."""
    written = _LINES[status.code][_place(language)]
    missing = _SOON if status.code is StatusCode.TECHNICAL else _NEVER
    return written.format(
        text=status.text,
        account=status.account,
        days=status.days,
        at=_moment(status.at, language, time_zone) or missing[_place(language)],
        day=_day(None if status.at is None else status.at.astimezone(time_zone).date(), language),
        first=_day(status.first, language),
        last=_day(status.last, language),
    )


def action_line(action: StatusAction, language: str) -> str:
    """What to do, for people; empty where there is nothing."""
    return _ACTIONS[action][_place(language)]


def _place(language: str) -> int:
    return 0 if is_german(language) else 1


def _day(day: date | None, language: str) -> str:
    return "" if day is None else day_text(day, language)


def _moment(at: datetime | None, language: str, time_zone: tzinfo) -> str:
    if at is None:
        return ""
    local = at.astimezone(time_zone)
    return f"{day_text(local.date(), language)} {local:%H:%M}"
