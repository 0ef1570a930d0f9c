"""Jobs of the outbox: what is due again is started again."""

from faktura.domain.jobs import Args
from faktura.flows.job_context import JobContext
from faktura.services.mail_pump import start_due_mails
from faktura.services.outbox import start_what_is_due


def outbox_round_job(context: JobContext, tenant_id: int, _args: Args) -> None:
    """Start what has waited long enough: webhooks, listeners, mails."""
    with context.database.write(tenant_id) as tx:
        start_what_is_due(tx)
        start_due_mails(tx)
