"""How overdue documents are dunned: levels, fees, interest, texts (F083, F084)."""

from typing import Self

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.domain.tenants import Tenant
from faktura.kernel.dunning_terms import InterestRule
from faktura.services.dunning_policies import change_dunning_policy, dunning_policy_record
from faktura.services.imports.dunning_fields import DunningPolicyFields
from faktura.store.tenants import lock_tenant, read_tenant
from faktura.web.api.call import Call, Nothing
from faktura.web.api.operation import Resource
from faktura.web.api.patches import Patch, patch_of
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import WrittenAmount

DUNNING_POLICY = Resource("DunningPolicy", "How overdue documents are dunned.")

_CHANGES = patch_of("DunningPolicyPatch", DunningPolicyFields)


class DunningLevelAnswer(Answer):
    """A dunning level."""

    days: int = Field(
        description="Days after the due date for the first level, after the notice before for others."
    )
    fee: WrittenAmount = Field(description="In the tenant's currency, once a notice of this level.")
    interest: InterestRule
    rate: WrittenAmount | None = Field(description="Per cent a year where interest is OWN.")
    flat: bool = Field(description="Whether the 40 EUR of § 288 Abs. 5 BGB are charged.")
    pay_days: int = Field(description="Days to pay that a notice gives.")
    texts: dict[str, str] = Field(description="By language: what extends the mail and the letter.")


class DunningPolicyAnswer(Answer):
    """What the tenant decided about dunning."""

    levels: tuple[DunningLevelAnswer, ...] = Field(description="In order; the first is level 1.")
    grace_days: int = Field(description="Days of rest after a returned payment (P33).")
    least: WrittenAmount = Field(description="Of who owes less in all nobody writes.")
    by_itself: bool = Field(description="Whether it runs daily in the background.")
    letters: bool = Field(description="Whether each notice has a letter as PDF.")
    consumer_notice: dict[str, str] = Field(
        description="By language: what consumers' invoices say about default (§ 286 Abs. 3 BGB)."
    )

    @classmethod
    def of(cls, tenant: Tenant) -> Self:
        """The answer."""
        return cls.model_validate(dunning_policy_record(tenant.dunning, tenant.currency))


@DUNNING_POLICY.get("/DunningPolicy", Scope.DUNNING_READ, tagged=True)
def dunning_policy_get(call: Call[Nothing, Nothing]) -> DunningPolicyAnswer:
    """How overdue documents are dunned from now on."""
    return DunningPolicyAnswer.of(read_tenant(call.tx))


@DUNNING_POLICY.patch("/DunningPolicy", Scope.DUNNING_WRITE, _CHANGES)
def dunning_policy_update(call: Call[Nothing, Patch]) -> DunningPolicyAnswer:
    """Change it from the next run on; `levels` are replaced as a whole.

    A text of a level is a template: one that cannot be meant is refused with its line and column.
    """
    call.check_unchanged(DunningPolicyAnswer.of(lock_tenant(call.tx)))
    change_dunning_policy(call.tx, call.body.values(), by=call.access.key.name)
    return DunningPolicyAnswer.of(read_tenant(call.tx))
