"""What a sandbox tenant may reach of a provider: an adapter names it, the core refuses the rest (F137)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SandboxAddress:
    """Where a provider has no real money, customers or books.

    `url` is scheme, host and, where one host serves both worlds, the path that only the sandbox has.
    `authorization` is what the header Authorization must begin with, where the key alone decides which
    world it is.
    """

    url: str
    authorization: str = ""
