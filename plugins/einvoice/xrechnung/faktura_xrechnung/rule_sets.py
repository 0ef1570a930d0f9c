"""The rule sets of XRechnung as data: a new version of the standard is one more entry here.

Each entry names what is written into a document (BT-23, BT-24), since when it is in force, and what
is stored beside the bytes. The newest that is in force on a day is the default.
"""

from datetime import date
from typing import Final, NamedTuple

from faktura.kernel.errors import FieldInvalid, shortened
from faktura_en16931.profile import Profile

_CIUS: Final = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_{}"


class RuleSet(NamedTuple):
    """A version of XRechnung: BT-23, BT-24, its stored name, the first day it is in force.

    `standard` is the name people choose (3.0); `version` also says which rules the pre-checks
    follow and the tests prove. `valid_from` is inclusive.
    """

    standard: str
    process: str
    specification: str
    version: str
    valid_from: date

    @property
    def profile(self) -> Profile:
        """What the writers put into BT-23 and BT-24."""
        return Profile(process=self.process, specification=self.specification)


RULE_SETS: Final = (
    RuleSet(
        standard="3.0",
        # Mandatory since the Peppol rules are part of XRechnung (R001).
        process="urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
        specification=_CIUS.format("3.0"),
        version="xrechnung-3.0.2/en16931-1.3.16",
        valid_from=date(2024, 2, 1),
    ),
)
"""All versions that can be written, oldest first."""


def rule_set_in_force(
    day: date, standard: str = "", known: tuple[RuleSet, ...] = RULE_SETS
) -> RuleSet:
    """The rule set of that standard, else the newest in force on `day`; raises FieldInvalid."""
    for rule_set in known:
        if rule_set.standard == standard:
            return rule_set
    if standard:
        raise FieldInvalid(
            f"XRechnung “{shortened(standard)}” is not known",
            place="setting rule_set",
            mend=f"Known: {', '.join(one.standard for one in known)}; empty takes the newest",
        )
    in_force = [one for one in known if one.valid_from <= day]
    # Before the first one there was nothing to write: the oldest is the nearest.
    return max(in_force, key=lambda one: one.valid_from) if in_force else known[0]


def is_xrechnung(specification: str) -> bool:
    """Whether BT-24 names any version of XRechnung, its extension included."""
    return "xeinkauf.de:kosit:xrechnung" in specification or ":xoev-de:kosit:" in specification
