"""Payments and refunds that no imported statement says, and write-offs (F106, P37, § 17 UStG)."""

from faktura.domain.api_keys import Scope
from faktura.services.imports.payment_fields import (
    MoneyFields,
    RefundFields,
    TakenBackFields,
    WriteOffFields,
)
from faktura.services.manual_payments import record_credit, record_payment
from faktura.services.refunds import record_refund
from faktura.services.undoing import undo_recorded
from faktura.services.write_offs import undo_write_off, write_off
from faktura.web.api.call import Call, Nothing
from faktura.web.api.operation import Resource
from faktura.web.api.replies import Created
from faktura.web.api.resources.invoice_answers import InvoiceAnswer
from faktura.web.api.resources.invoices import invoice_answer
from faktura.web.api.resources.payment_answers import (
    MoneyUndoneAnswer,
    RecordedMoneyAnswer,
    WriteOffAnswer,
)

PAYMENTS = Resource(
    "Payments",
    "Money that a person records, and claims that are given up; taken back, not deleted.",
)

_INVOICE = "/Invoices/{invoiceNumber}"
_CUSTOMER = "/Customers/{customerNumber}"


@PAYMENTS.post(f"{_INVOICE}/Payments", Scope.BANK_WRITE)
def invoice_payment_record(call: Call[Nothing, MoneyFields]) -> Created[RecordedMoneyAnswer]:
    """Record money that came in for a document and stands in no imported statement (F106).

    What is more than the open rest stays as credit. A reference is recorded once: the same content
    again writes nothing.
    """
    number = call.path["invoiceNumber"]
    done = record_payment(call.tx, call.tenant, number, call.body, call.access.projects)
    return Created(RecordedMoneyAnswer.of(done), f"/Invoices/{number}")


@PAYMENTS.post(f"{_CUSTOMER}/Payments", Scope.BANK_WRITE)
def customer_payment_record(call: Call[Nothing, MoneyFields]) -> Created[RecordedMoneyAnswer]:
    """Record money that came in for no document: it is the customer's credit (P37)."""
    number = call.path["customerNumber"]
    done = record_credit(call.tx, call.tenant, number, call.body)
    return Created(RecordedMoneyAnswer.of(done), f"/Customers/{number}/Transactions")


@PAYMENTS.post(f"{_CUSTOMER}/Refunds", Scope.BANK_WRITE)
def customer_refund_record(call: Call[Nothing, RefundFields]) -> Created[RecordedMoneyAnswer]:
    """Record that we paid out credit of a customer, never more than there is (P37).

    A bank movement that goes out is assigned instead: it would be booked a second time.
    """
    number = call.path["customerNumber"]
    done = record_refund(call.tx, call.tenant, number, call.body, call.access.projects)
    return Created(RecordedMoneyAnswer.of(done), f"/Customers/{number}/Transactions")


@PAYMENTS.post("/Payments/{reference}/undo", Scope.BANK_WRITE)
def payment_undo(call: Call[Nothing, TakenBackFields]) -> MoneyUndoneAnswer:
    """Take back a payment or refund that was recorded: it is reversed, never deleted (P25)."""
    numbers = undo_recorded(
        call.tx, call.tenant, call.path["reference"], call.body, call.access.projects
    )
    return MoneyUndoneAnswer(invoices=tuple(invoice_answer(call, one) for one in numbers))


@PAYMENTS.post(f"{_INVOICE}/WriteOff", Scope.BILLING_WRITE)
def invoice_write_off(call: Call[Nothing, WriteOffFields]) -> WriteOffAnswer:
    """Give up what is open of a document, or a part of it; its VAT is corrected (§ 17 UStG)."""
    number = call.path["invoiceNumber"]
    done = write_off(call.tx, call.tenant, number, call.body, call.access.projects)
    return WriteOffAnswer.of(done)


@PAYMENTS.post(f"{_INVOICE}/WriteOff/undo", Scope.BILLING_WRITE)
def invoice_write_off_undo(call: Call[Nothing, TakenBackFields]) -> InvoiceAnswer:
    """Take all write-offs of a document back, as its money comes after all: VAT is owed again."""
    number = call.path["invoiceNumber"]
    undo_write_off(call.tx, call.tenant, number, call.body, call.access.projects)
    return invoice_answer(call, number)
