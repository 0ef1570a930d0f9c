"""Jobs of mails: writing and sending them, and looking for what to write of."""

from functools import partial

from faktura.domain.jobs import Args
from faktura.flows.job_context import JobContext
from faktura.flows.mail_sending import MailPump
from faktura.flows.mail_ways import open_transport
from faktura.services.card_mails import write_of_cards


async def send_mails_job(context: JobContext, tenant_id: int, _args: Args) -> None:
    """Write and send the mails that are due, over the tenant's mail server or into a folder."""
    await MailPump(context, tenant_id, partial(open_transport, context, tenant_id)).run()


def mail_day_job(context: JobContext, tenant_id: int, _args: Args) -> None:
    """Write of cards that are about to expire, some hundreds a transaction."""
    after = None
    while True:
        with context.database.write(tenant_id) as tx:
            after = write_of_cards(tx, after)
        if after is None:
            return
