"""One contract changed by a merge patch: payment, texts, recipients, references (F011, F016, F017)."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from uuid import UUID

from faktura.domain.contracts import FINAL, Contract
from faktura.domain.events import EventType
from faktura.kernel.errors import TransitionRefused
from faktura.services.contract_events import tell_of_contracts
from faktura.services.imports.contract_file import ContractChangeFields, ContractFields
from faktura.services.imports.customer_record import payment_term_fields, recipient_fields
from faktura.services.imports.entries import Form
from faktura.services.imports.fixed_fields import refuse_fixed
from faktura.services.imports.validation import fields_of
from faktura.services.merge_patch import merged
from faktura.services.visible_contracts import locked_contracts
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
    given = fields_of(
        ContractChangeFields, merged(changeable_contract_fields(current), patch), Form.REST
    )
    changed = replace(
        current,
        payment_method=given.payment_method,
        payment_term=given.payment_term,
        internal_identifier=given.internal_identifier,
        header_text=given.extra_text_invoice_header,
        footer_text=given.extra_text_invoice_footer,
        order_reference=given.order_reference,
        recipients=tuple(recipient.recipient for recipient in given.recipients),
    )
    if changed == current:
        return current
    update_frame(tx, changed)
    tell_of_contracts(tx, EventType.CONTRACT_CHANGED, [changed])
    return changed


def changeable_contract_fields(contract: Contract) -> dict[str, object]:
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
    }
