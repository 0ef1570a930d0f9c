"""Links of a booking to objects of other systems (F042)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExternalLink:
    """An object elsewhere: the system's name and what it calls the object, both for people."""

    system: str
    reference: str
