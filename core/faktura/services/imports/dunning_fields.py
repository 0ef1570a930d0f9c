"""How overdue documents are dunned, and what is never dunned, as requests say it (F083, F084)."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from faktura.domain.dunning_levels import in_level
from faktura.domain.dunning_policies import DunningLevel, DunningPolicy
from faktura.kernel.dunning_terms import InterestRule, StopTarget
from faktura.kernel.money import Money
from faktura.services.imports.checks import Fields
from faktura.services.imports.text_fields import Filled, Number, Prose
from faktura.services.imports.value_fields import Count, Day, Flag, NotNegative, Positive, as_word

Texts = dict[str, Prose | None]


class DunningLevelFields(Fields):
    """A dunning level: when it is reached and what it costs."""

    days: Count = Field(
        description="Days after the due date for the first level, after the notice before for others."
    )
    fee: NotNegative = Field(
        default=Decimal(0),
        description="In the tenant's currency, once a notice of this level.",
    )
    interest: Annotated[InterestRule, as_word(InterestRule)] = Field(
        default=InterestRule.NONE,
        description="LEGAL is § 288 BGB; OWN is `rate`.",
    )
    rate: Positive | None = Field(default=None, description="Per cent a year, for OWN only.")
    flat: Flag = Field(
        default=False,
        description="Charge the 40 EUR of § 288 Abs. 5 BGB once a document between businesses.",
    )
    pay_days: Count = Field(default=7, description="Days to pay that a notice gives.")
    texts: Texts = Field(
        default_factory=dict,
        description="By language: a template that extends the mail and the letter (F084, F128).",
    )

    def level(self, currency: str) -> DunningLevel:
        """The level; raises TooPrecise for a fee that the currency does not have."""
        return DunningLevel(
            self.days,
            Money.from_decimal(self.fee, currency, field="fee").minor,
            self.interest,
            self.rate,
            self.flat,
            self.pay_days,
            _given(self.texts),
        )


class DunningPolicyFields(Fields):
    """How overdue documents are dunned from now on."""

    levels: Annotated[tuple[DunningLevelFields, ...], Field(strict=False)] = Field(
        default=(), description="In order; without any nobody is dunned."
    )
    grace_days: Count = Field(default=14, description="Days of rest after a returned payment.")
    least: NotNegative = Field(
        default=Decimal(0),
        description="Of who owes less in all nobody writes; in the tenant's currency.",
    )
    by_itself: Flag = Field(default=False, description="Whether it runs daily in the background.")
    letters: Flag = Field(default=True, description="Whether each notice has a letter as PDF.")
    consumer_notice: Texts = Field(
        default_factory=dict,
        description="By language: what consumers' invoices say about default (§ 286 Abs. 3 BGB).",
    )

    def policy(self, currency: str) -> DunningPolicy:
        """The policy; raises TooPrecise for an amount that the currency does not have."""
        levels = []
        for no, one in enumerate(self.levels, 1):
            with in_level(no):
                levels.append(one.level(currency))
        return DunningPolicy(
            tuple(levels),
            self.grace_days,
            Money.from_decimal(self.least, currency, field="least").minor,
            self.by_itself,
            self.letters,
            _given(self.consumer_notice),
        )


class DunningStopFields(Fields):
    """What is not to be dunned, and why."""

    target: Annotated[StopTarget, as_word(StopTarget)] = Field(
        description="All of a customer, what a contract billed, or one document."
    )
    number: Number = Field(description="The customer's, the contract's or the document's number.")
    reason: Filled = Field(description="Kept with the stop; nobody outside is told.")
    until: Day | None = Field(
        default=None, description="The last day of the stop; left out: until it is lifted."
    )


class WaivedFields(Fields):
    """Why the charges of a notice are not asked for any more."""

    reason: Filled = Field(description="Kept with the transaction that takes them back.")


def _given(texts: Texts) -> dict[str, str]:
    return {language: text for language, text in texts.items() if text is not None}
