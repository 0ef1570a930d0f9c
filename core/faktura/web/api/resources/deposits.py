"""Deposits of a contract and the final invoice that deducts them (F061, P19)."""

from typing import Any

from faktura.domain.api_keys import Scope
from faktura.services.deposits import deposit_from_receipt, list_deposits, request_deposit
from faktura.services.final_invoices import issue_final
from faktura.services.imports.deposit_fields import (
    DepositFields,
    FinalInvoiceFields,
    ReceiptDepositFields,
)
from faktura.services.issuing import Desk
from faktura.web.api.call import Call, Nothing
from faktura.web.api.operation import Resource
from faktura.web.api.replies import Created
from faktura.web.api.resources.deposit_answers import (
    DepositAnswer,
    DepositsAnswer,
    FinalInvoiceAnswer,
)
from faktura.web.api.resources.issued_documents import IssuedDocument

DEPOSITS = Resource("Deposits", "Money asked for before the service, and its final invoice.")

_ONE = "/Contracts/{contractNumber}"


@DEPOSITS.get(f"{_ONE}/Deposits", Scope.INVOICES_READ)
def contract_deposit_list(call: Call[Nothing, Nothing]) -> DepositsAnswer:
    """The deposit invoices of a contract: what is paid of each, which final invoice deducts it."""
    number = call.path["contractNumber"]
    found = list_deposits(call.tx, number, call.access.projects)
    return DepositsAnswer(
        contract_number=number, deposits=tuple(DepositAnswer.of(one) for one in found)
    )


@DEPOSITS.post(f"{_ONE}/Deposits", Scope.BILLING_WRITE)
def contract_deposit_create(call: Call[Nothing, DepositFields]) -> Created[IssuedDocument]:
    """Issue a deposit invoice that shows its VAT (F061); it bills no activity.

    Its VAT falls due when it is paid, with each part of the money.
    """
    number = call.path["contractNumber"]
    made = request_deposit(call.tx, _desk(call), number, call.body, call.access.projects)
    return Created(IssuedDocument.of(made), f"/Invoices/{made.number}")


@DEPOSITS.post(f"{_ONE}/Deposits/fromReceipt", Scope.BILLING_WRITE)
def contract_deposit_from_receipt(
    call: Call[Nothing, ReceiptDepositFields],
) -> Created[IssuedDocument]:
    """Make money that came without invoice a deposit, paid at once (F061).

    It lies as credit on the customer's account since `receivedOn`; its VAT was due on that day.
    """
    number = call.path["contractNumber"]
    made = deposit_from_receipt(call.tx, _desk(call), number, call.body, call.access.projects)
    return Created(IssuedDocument.of(made), f"/Invoices/{made.number}")


@DEPOSITS.post(f"{_ONE}/FinalInvoice", Scope.BILLING_WRITE)
def contract_final_invoice(
    call: Call[Nothing, FinalInvoiceFields],
) -> Created[FinalInvoiceAnswer]:
    """Bill the whole service with its VAT and deduct the deposits for it, each once (F061).

    Deposits that are not fully paid or come to more than the service are refused.
    """
    number = call.path["contractNumber"]
    made = issue_final(call.tx, _desk(call), number, call.body, call.access.projects)
    return Created(FinalInvoiceAnswer.of(made), f"/Invoices/{made.number}")


def _desk(call: Call[Any, Any]) -> Desk:
    return Desk(call.tenant, call.app.adapters.formats(call.tenant.id))
