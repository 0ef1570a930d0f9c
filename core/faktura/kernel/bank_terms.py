"""Closed vocabularies of banking: how movements are booked, and what a bank feed says of itself."""

from enum import StrEnum, unique


@unique
class AutoBooking(StrEnum):
    """What becomes of a match by its text that is exact: booked by itself, or only marked for a person.

    Returned debits and credits of our own debits name what they are: they are booked either way.
    """

    BOOK = "BOOK"
    MARK = "MARK"


@unique
class Notifications(StrEnum):
    """What camt.054 is to a bank account: details of its statements, or the only bookings there are."""

    DETAILS = "DETAILS"
    BOOKINGS = "BOOKINGS"


@unique
class FeedTaskKind(StrEnum):
    """What a feed was asked for: a new connection, an update from the bank, new credentials."""

    CONNECT = "CONNECT"
    UPDATE = "UPDATE"
    CREDENTIALS = "CREDENTIALS"


@unique
class FeedTaskState(StrEnum):
    """Where that stands; FORM_NEEDED waits for a person at the bank's form. The last three are ends."""

    RUNNING = "RUNNING"
    FORM_NEEDED = "FORM_NEEDED"
    DONE = "DONE"
    FAILED = "FAILED"
    ABANDONED = "ABANDONED"


@unique
class FeedResult(StrEnum):
    """What the last login at the bank came to; a REJECTED one is never repeated by itself."""

    OK = "OK"
    REJECTED = "REJECTED"
    TECHNICAL = "TECHNICAL"
    UNKNOWN = "UNKNOWN"


@unique
class FeedAccountState(StrEnum):
    """How the last download of one account ended; GONE is no longer known to the bank."""

    UPDATED = "UPDATED"
    RUNNING = "RUNNING"
    FAILED = "FAILED"
    GONE = "GONE"
    UNKNOWN = "UNKNOWN"


@unique
class Consent(StrEnum):
    """Whether the bank lets us read without a person."""

    PRESENT = "PRESENT"
    ABSENT = "ABSENT"
    UNKNOWN = "UNKNOWN"


@unique
class GivenUpAs(StrEnum):
    """What a person gives up of a document with a payment: written off, or cash discount."""

    WRITE_OFF = "WRITE_OFF"
    CASH_DISCOUNT = "CASH_DISCOUNT"


@unique
class MovementState(StrEnum):
    """What became of a bank movement.

    A PREVIEW was notified and waits for its statement; what may be a duplicate is HELD for a person;
    of a batch that is EXPANDED its details are booked instead.
    """

    OPEN = "OPEN"
    BOOKED = "BOOKED"
    RETURNED = "RETURNED"
    DISMISSED = "DISMISSED"
    PREVIEW = "PREVIEW"
    HELD = "HELD"
    EXPANDED = "EXPANDED"
