"""Jobs of VAT-id checks: one customer's, and the daily look for whose turn it is."""

from faktura.domain.jobs import Args
from faktura.flows.job_context import JobContext
from faktura.flows.vat_checks import ask_what_is_due, check_vat_id
from faktura.kernel.errors import NotFound, TransitionRefused
from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.kernel.vat_terms import VatCheckResult


async def check_vat_id_job(context: JobContext, tenant_id: int, args: Args) -> None:
    """Check the VAT id of one customer: args `customer`, a number.

    Raises OutsideUnavailable where its member state does not answer: the job is tried again. One that
    is not to be checked any more is left alone.
    """
    number = str(args["customer"])
    try:
        check = await check_vat_id(context.database, context.adapters, tenant_id, number)
    except (NotFound, TransitionRefused):
        return
    if check.result is VatCheckResult.UNAVAILABLE:
        raise OutsideUnavailable(
            f"the register of {check.vat_id[:2]} does not answer: {check.problem}",
            place=f"customer {number}",
        )


def vat_day_job(context: JobContext, tenant_id: int, _args: Args) -> None:
    """Put in the checks that are due."""
    ask_what_is_due(context.database, context.adapters, tenant_id)
