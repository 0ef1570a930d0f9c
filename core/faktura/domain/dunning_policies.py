"""What a tenant decides about dunning: levels, their days, fees, interest and texts (F083, F084)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from faktura.kernel.dunning_terms import InterestRule


@dataclass(frozen=True, slots=True)
class DunningLevel:
    """One level: how long after the due date or the level before, and what it costs.

    Level 1 is reached `days` after the due date, a later one `days` after the notice before it. `fee` is
    in minor units of the tenant's currency and charged once a notice of that level. `flat` charges the 40 EUR of
    § 288 Abs. 5 BGB once a document between businesses. `rate` is the percentage a year of
    InterestRule.OWN. `pay_days` is the time to pay that a notice gives. `texts` by language extend the
    mail and the letter; they are templates.
    """

    days: int
    fee: int = 0
    interest: InterestRule = InterestRule.NONE
    rate: Decimal | None = None
    flat: bool = False
    pay_days: int = 7
    texts: Mapping[str, str] = field(default_factory=dict)


DEFAULT_LEVELS = (
    DunningLevel(days=7),
    DunningLevel(days=14, interest=InterestRule.LEGAL),
    DunningLevel(days=14, interest=InterestRule.LEGAL),
)


@dataclass(frozen=True, slots=True)
class DunningPolicy:
    """How overdue documents are dunned from now on; without `levels` nobody is.

    `grace_days` is how long a document rests after its payment was returned. Of a customer who owes
    less than `least` minor units in all nobody writes. `by_itself` runs it daily in the background.
    `letters` also writes a PDF of each notice. `consumer_notice` by language is printed on consumers'
    invoices: only those who were told so owe interest by § 286 Abs. 3 BGB.
    """

    levels: tuple[DunningLevel, ...] = DEFAULT_LEVELS
    grace_days: int = 14
    least: int = 0
    by_itself: bool = False
    letters: bool = True
    consumer_notice: Mapping[str, str] = field(default_factory=dict)
