"""Commission rules as contracts give them (F079, F080)."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from faktura.domain.commissions import CommissionRule, commission_faults
from faktura.domain.contracts import Contract
from faktura.kernel.contract_terms import CommissionDue
from faktura.kernel.errors import NotFound
from faktura.services.imports.checks import Fields
from faktura.services.imports.findings import Spot
from faktura.services.imports.offer import Offer
from faktura.services.imports.text_fields import Number
from faktura.services.imports.value_fields import Positive, as_word


class CommissionRuleFields(Fields):
    """What a partner earns on a contract; carried only, nothing is paid by it yet (F079)."""

    partner_number: Number = Field(
        description="The customer that earns; not the contract's own customer."
    )
    article_number: Number | None = Field(
        default=None, description="The article it is for; left out: all of the contract's."
    )
    percent: Positive = Field(description="Per cent of the net amount; above 0, at most 100.")
    due: Annotated[CommissionDue, as_word(CommissionDue)] = Field(
        description="Whether it is due with the customer's invoice or its payment (F080)."
    )


def commission_rules_of(
    given: Sequence[CommissionRuleFields], contract: Contract, offer: Offer, spot: Spot
) -> list[CommissionRule]:
    """The rules, as far as they can be made; what is wrong is noted at `commissionRules.N`."""
    rules: list[CommissionRule] = []
    for no, fields in enumerate(given, 1):
        place = spot.part(f"commissionRules.{no}")
        with place.noting():
            rule = _rule(fields, contract, offer)
            place.add_all(commission_faults(rule, contract.customer_id, rules))
            rules.append(rule)
    return rules


def commission_rule_fields(rules: Sequence[CommissionRule]) -> list[dict[str, object]]:
    """The rules as JSON has them."""
    return [
        {
            "partnerNumber": rule.partner_number,
            "articleNumber": rule.article_number,
            "percent": f"{rule.percent:f}",
            "due": rule.due.value,
        }
        for rule in rules
    ]


def _rule(fields: CommissionRuleFields, contract: Contract, offer: Offer) -> CommissionRule:
    partner = offer.customers.get(fields.partner_number)
    if partner is None:
        raise NotFound(
            f"there is no customer “{fields.partner_number}”",
            place="partnerNumber",
            mend="Add the partner as a customer first",
        )
    if fields.article_number is not None:
        offer.article(fields.article_number, contract.project_id)
    return CommissionRule(
        partner.id, partner.number, fields.article_number, fields.percent, fields.due
    )
