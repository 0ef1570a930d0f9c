"""What a document says about the rules it follows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """Which rules a document follows: business process BT-23, specification BT-24."""

    process: str
    specification: str
