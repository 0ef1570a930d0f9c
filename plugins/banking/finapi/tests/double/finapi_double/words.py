"""What a test can script: how a bank behaves, how callbacks come, what goes wrong on the way."""

from enum import StrEnum, unique


@unique
class Scenario(StrEnum):
    """How a login at the bank goes on the next update; a wrong PIN needs no scenario, only a PIN."""

    OK = "ok"
    TAN_REQUIRED = "tan_required"
    CONSENT_EXPIRED = "consent_expired"
    BANK_DOWN = "bank_down"
    REJECTED_TECHNICALLY = "rejected_technically"
    SLOW = "slow"
    LOCKED = "locked"
    TERMS = "t_and_c"


@unique
class Trouble(StrEnum):
    """What is the matter with one account at its bank."""

    NONE = "none"
    FAILED = "account_failed"
    DEPRECATED = "account_deprecated"
    SEIZED = "seized"


@unique
class CallbackMode(StrEnum):
    """How callbacks come; EARLY comes before its task or form can be read."""

    ONCE = "once"
    TWICE = "twice"
    EARLY = "early"
    NEVER = "never"


@unique
class Fault(StrEnum):
    """What goes wrong with one request; those with AFTER happen when it was done."""

    BUSY = "429"
    DOWN = "503"
    BROKEN = "500"
    BROKEN_AFTER = "500 after"
    BAD_GATEWAY = "502"
    BAD_GATEWAY_AFTER = "502 after"
    FORBIDDEN = "403"
    MORE_AUTHENTICATION = "510"
    RESET = "reset"
    RESET_AFTER = "reset after"
    HANG = "hang"
    CUT_AFTER = "truncated"
    ODD_AFTER = "a list"


@unique
class Kind(StrEnum):
    """Whose token it is."""

    CLIENT = "client"
    ADMIN = "admin"
    USER = "user"
