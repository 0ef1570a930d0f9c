"""One contract changed by a merge patch: payment, texts, recipients, references (F011, F016, F017)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from faktura.domain.commissions import CommissionRule
from faktura.domain.contracts import FINAL, Contract
from faktura.domain.events import EventType
from faktura.kernel.errors import TransitionRefused
from faktura.kernel.terms import PaymentMethod
from faktura.services.contract_events import ContractFact, tell_contract_facts
from faktura.services.imports.commission_fields import commission_rule_fields, commission_rules_of
from faktura.services.imports.contract_file import (
    ContractChangeFields,
    ContractFields,
    rule_articles,
    rule_partners,
)
from faktura.services.imports.cost_fields import cost_fields, costs_of
from faktura.services.imports.customer_record import payment_term_fields, recipient_fields
from faktura.services.imports.entries import Form
from faktura.services.imports.findings import Findings, Spot
from faktura.services.imports.fixed_fields import refuse_fixed
from faktura.services.imports.offer import read_offer
from faktura.services.imports.validation import fields_of
from faktura.services.merge_patch import merged
from faktura.services.payment_accounts import check_served
from faktura.services.visible_contracts import locked_contracts
from faktura.store.commissions import read_commission_rules, replace_commission_rules
from faktura.store.contracts import update_frame
from faktura.store.transaction import Tx


def locked_contract(tx: Tx, number: str, projects: Collection[UUID] | None = None) -> Contract:
    """The contract, read once nobody else can change it until the transaction ends.

    Raises NotFound, also for a contract outside `projects` (None: all).
    """
    return locked_contracts(tx, [number], projects)[0]


def changed_contract(tx: Tx, current: Contract, patch: Mapping[str, object]) -> Contract:
    """The locked contract after a merge patch over the fields of ContractChangeFields.

    When it is next due stays as it is. A patch that changes nothing writes nothing. Raises
    TransitionRefused for an ended or voided contract, FieldsRefused with all that is wrong.
    """
    if current.state in FINAL:
        raise TransitionRefused(
            f"contract {current.number} is {current.state}: nothing of it changes any more",
            place="contract.state",
            mend="Change another contract of the customer",
        )
    refuse_fixed(patch, ContractFields, ContractChangeFields)
    earned = read_commission_rules(tx, [current.id]).get(current.id, ())
    given = fields_of(
        ContractChangeFields, merged(changeable_contract_fields(current, earned), patch), Form.REST
    )
    # What is not named is not looked at again: an article may belong elsewhere by now.
    rules = _rules(tx, current, given) if "commissionRules" in patch else earned
    changed = replace(
        current,
        payment_method=given.payment_method,
        payment_term=given.payment_term,
        internal_identifier=given.internal_identifier,
        header_text=given.extra_text_invoice_header,
        footer_text=given.extra_text_invoice_footer,
        order_reference=given.order_reference,
        recipients=tuple(recipient.recipient for recipient in given.recipients),
        costs=costs_of(given.costs),
    )
    if changed == current and rules == earned:
        return current
    if changed.payment_method is not current.payment_method:
        check_served(tx, changed.payment_method or PaymentMethod.TRANSFER, current.currency)
    update_frame(tx, changed)
    if rules != earned:
        replace_commission_rules(tx, current.id, rules)
    told = ContractFact(
        EventType.CONTRACT_CHANGED, changed, before=current, rules_before=tuple(earned)
    )
    tell_contract_facts(tx, [told])
    return changed


def _rules(tx: Tx, contract: Contract, given: ContractChangeFields) -> tuple[CommissionRule, ...]:
    """The rules that are given; raises FieldsRefused with all that is wrong with them (F079)."""
    offer = read_offer(tx, customers=rule_partners(given), articles=rule_articles(given))
    spot = Spot(Findings())
    rules = commission_rules_of(given.commission_rules, contract, offer, spot)
    spot.findings.refuse_if_any()
    return tuple(rules)


def changeable_contract_fields(
    contract: Contract, rules: Sequence[CommissionRule] = ()
) -> dict[str, object]:
    """Every field of ContractChangeFields as JSON has it; None where there is nothing."""
    method = contract.payment_method
    return {
        **payment_term_fields(contract.payment_term),
        "paymentMethod": None if method is None else method.value,
        "internalIdentifier": contract.internal_identifier,
        "extraTextInvoiceHeader": contract.header_text,
        "extraTextInvoiceFooter": contract.footer_text,
        "orderReference": contract.order_reference,
        "recipients": recipient_fields(contract.recipients),
        "commissionRules": commission_rule_fields(rules),
        "costs": cost_fields(contract.costs),
    }
