"""Whether the account has request keys: remembered, so that the refusal is met once (payments 3.3)."""

from enum import Enum, unique
from hashlib import sha256

from faktura.plugin import StateStore

_NAME = "request_keys"


@unique
class KeyUse(Enum):
    """What is known: nothing yet, a request with a key was answered, or the account has none."""

    UNTRIED = "untried"
    TAKEN = "taken"
    REFUSED = "refused"


class RequestKeys:
    """Says whether requests carry a key; each call reads or writes the kept state and may block."""

    def __init__(self, state: StateStore, *, wanted: bool) -> None:
        self._state = state
        self._wanted = wanted

    @property
    def use(self) -> KeyUse:
        """What is known by now, also by other processes; REFUSED where nobody wants keys."""
        if not self._wanted:
            return KeyUse.REFUSED
        kept = self._state.get(_NAME)
        known = kept.get("use") if isinstance(kept, dict) else None
        return KeyUse(known) if known in {use.value for use in KeyUse} else KeyUse.UNTRIED

    def learn(self, use: KeyUse) -> None:
        """Keep what an answer said."""
        if self._wanted and self.use is not use:
            self._state.put(_NAME, {"use": use.value})


def key_for(request_key: str, deed: str) -> str:
    """A key for another request about the same object: 32 hexadecimal digits, always the same."""
    return sha256(f"{request_key} {deed}".encode()).hexdigest()[:32]
