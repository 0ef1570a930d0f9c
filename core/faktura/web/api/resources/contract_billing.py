"""Interim billing of a contract: what is due now, outside the regular run (F021)."""

from typing import Self

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.services.billing_runs import check_run_date
from faktura.services.imports.checks import Fields
from faktura.services.imports.value_fields import Day as GivenDay
from faktura.services.interim_billing import InterimBilled, bill_interim
from faktura.services.issuing import Desk
from faktura.web.api.call import Call, Nothing
from faktura.web.api.operation import Resource
from faktura.web.api.replies import Answer
from faktura.web.api.resources.issued_documents import IssuedDocument
from faktura.web.api.shapes import Day

CONTRACT_BILLING = Resource(
    "ContractBilling", "What is due on a contract, billed outside the regular run."
)


class InterimBillingFields(Fields):
    """The day of interim billing."""

    date: GivenDay | None = Field(
        default=None,
        description="What is due on this day or before is billed; the invoice bears it. Left out:"
        " today, in the tenant's zone.",
    )


class InterimBillingAnswer(Answer):
    """What interim billing did."""

    contract_number: str = Field(description="The contract.")
    nothing_due: bool = Field(description="True: nothing was to be billed, nothing is written.")
    documents: tuple[IssuedDocument, ...] = Field(
        description="The invoice; none where nothing is due, or where it comes to no amount."
    )
    next_due_on: Day | None = Field(description="When a run next bills something; null: never.")

    @classmethod
    def of(cls, number: str, billed: InterimBilled) -> Self:
        """The answer."""
        return cls(
            contract_number=number,
            nothing_due=billed.nothing_due,
            documents=tuple(IssuedDocument.of(one) for one in billed.documents),
            next_due_on=billed.next_due_on,
        )


@CONTRACT_BILLING.post("/Contracts/{contractNumber}/interimBilling", Scope.BILLING_WRITE)
def contract_interim_billing(call: Call[Nothing, InterimBillingFields]) -> InterimBillingAnswer:
    """Bill at once, on one invoice, all that is due on a contract (F021).

    Also missed intervals, what was put off, and activities without a date or left to a person whose
    service has begun (F001). Of an ended contract it bills usage that arrived later. Asked again it
    bills nothing twice; what cannot be issued is refused whole. The day is at most two years ahead.
    """
    number, on = call.path["contractNumber"], call.body.date or call.today
    check_run_date(on, call.today, field="date")
    desk = Desk(call.tenant, call.app.adapters.formats(call.tenant.id))
    billed = bill_interim(call.tx, desk, number, on, call.access.projects)
    return InterimBillingAnswer.of(number, billed)
