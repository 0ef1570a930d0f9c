"""How long a mail server is left alone: one that cannot be used is asked once a pause, not once a mail."""

from dataclasses import dataclass
from datetime import datetime

from faktura.kernel.errors import IntegrityBroken
from faktura.store.adapters import read_state, write_state
from faktura.store.transaction import Tx

_INSTANCE, _KEY = "smtp", "rest"


@dataclass(frozen=True, slots=True)
class ServerRest:
    """A server that could not be used `tries` times in a row is asked again at `until` (UTC).

    `reason` is place and problem of the last time.
    """

    tries: int
    until: datetime
    reason: str


def server_rest(tx: Tx) -> ServerRest | None:
    """The rest that the tenant's server has, over or not; None while it works."""
    kept = read_state(tx, _INSTANCE, _KEY)
    match kept:
        case {"tries": int(tries), "until": str(until), "reason": str(reason)}:
            return ServerRest(tries, datetime.fromisoformat(until), reason)
        # As it was kept before reasons were.
        case {"tries": int(tries), "until": str(until)}:
            return ServerRest(tries, datetime.fromisoformat(until), "")
        case None | {}:
            return None
    raise IntegrityBroken("the rest of the mail server makes no sense", place="adapter smtp")


def is_resting(tx: Tx) -> bool:
    """Whether the server is to be left alone now."""
    rest = server_rest(tx)
    return rest is not None and rest.until > tx.now()


def begin_rest(tx: Tx, rest: ServerRest) -> None:
    """Leave the server alone until then."""
    kept = {"tries": rest.tries, "until": rest.until.isoformat(), "reason": rest.reason}
    write_state(tx, _INSTANCE, _KEY, kept)


def end_rest(tx: Tx) -> None:
    """The server works, or has new settings: nothing holds mails up."""
    if server_rest(tx) is not None:
        write_state(tx, _INSTANCE, _KEY, {})
