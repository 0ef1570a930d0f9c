"""Why a request of another machine is turned away, beside what is wrong with its content.

FakturaError
├── Unauthenticated     who asks is not known
├── Forbidden           known, but not allowed: ScopeMissing, AddressRefused, ApiSwitchedOff
├── RateLimited         too many requests in too short a time
├── Conflict            PreconditionFailed, IdempotencyKeyReused
└── BadInput            RequestInvalid, RequestRefused, MediaTypeWrong, TooLarge
"""

from faktura.kernel.errors import BadInput, Conflict, FakturaError


class Unauthenticated(FakturaError):
    """Who asks is not known; why is not told, it would help who guesses."""

    code = "unauthenticated"


class Forbidden(FakturaError):
    """Who asks is known, but is not allowed to."""

    code = "forbidden"


class ScopeMissing(Forbidden):
    """A key was not given the right that the act needs."""

    code = "scope_missing"


class AddressRefused(Forbidden):
    """A key is used from an address that it is not meant for."""

    code = "address_refused"


class ApiSwitchedOff(Forbidden):
    """A key reaches no project that is switched on (F114)."""

    code = "api_switched_off"


class RateLimited(FakturaError):
    """Too many requests in too short a time; `retry_after` is in how many seconds to come again."""

    code = "rate_limited"

    def __init__(self, problem: str, *, retry_after: int, place: str = "", mend: str = "") -> None:
        super().__init__(problem, place=place, mend=mend)
        self.retry_after = retry_after


class PreconditionFailed(Conflict):
    """The object was changed since it was read."""

    code = "precondition_failed"


class IdempotencyKeyReused(Conflict):
    """An Idempotency-Key stands for another request already."""

    code = "idempotency_key_reused"


class RequestInvalid(BadInput):
    """A request does not fit its operation's schema; `parts` names every misfit."""

    code = "request_invalid"


class RequestRefused(BadInput):
    """A request fits the schema, but values in it cannot be meant; `parts` names each."""

    code = "request_refused"


class MediaTypeWrong(BadInput):
    """A body is of a format that nobody reads here."""

    code = "media_type_wrong"


class TooLarge(BadInput):
    """A body or file is larger than what is taken here."""

    code = "too_large"
