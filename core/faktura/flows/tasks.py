"""Which function does which job, and which jobs come round by themselves."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import time
from typing import TypeAlias

from faktura.domain.jobs import Args, JobName
from faktura.domain.schedule import DailyAt, EveryMinutes, Rhythm
from faktura.flows.accounting_day import accounting_day_job
from faktura.flows.accounting_links import forget_old_logins
from faktura.flows.billing_jobs import bill_chunks_job, bill_run_job
from faktura.flows.chargeback_actions import act_on_chargeback_job
from faktura.flows.contract_day import contract_day_job
from faktura.flows.delivering import deliver
from faktura.flows.dunning_jobs import run_dunning_job
from faktura.flows.fan_out import fan_out
from faktura.flows.feed_jobs import bank_day_job, sync_bank_job
from faktura.flows.inbox_jobs import handle_inbox_job, poll_providers_job
from faktura.flows.job_context import JobContext
from faktura.flows.link_jobs import check_transfers_job, forget_old_calls, send_export_job
from faktura.flows.mail_jobs import mail_day_job, send_mails_job
from faktura.flows.outbox_jobs import outbox_round_job
from faktura.flows.payment_jobs import (
    collect_payments_job,
    payment_day_job,
    resolve_payments_job,
)
from faktura.flows.render_jobs import render_documents_job
from faktura.flows.vat_jobs import check_vat_id_job, vat_day_job
from faktura.kernel.clock import zone
from faktura.services.api_answers import forget_answers
from faktura.services.event_states import forget_event_states
from faktura.services.feed_schedule import forget_old_errands
from faktura.services.jobs import forget_done_jobs, run_schedule
from faktura.services.sign_in import forget_expired_sessions
from faktura.services.told_deliveries import forget_old_tries
from faktura.store.database import Database
from faktura.store.statistics import count_rows
from faktura.store.tenants import list_tenants
from faktura.store.transaction import Tx

Handler: TypeAlias = Callable[[JobContext, int, Args], Awaitable[None] | None]


# Each deletes what a tenant keeps no longer and says how many rows that were.
FORGETTING: Sequence[Callable[[Tx], int]] = (
    forget_done_jobs,
    forget_answers,
    forget_expired_sessions,
    forget_old_logins,
    forget_old_calls,
    forget_old_errands,
    forget_old_tries,
    forget_event_states,
)


def tidy_up(context: JobContext, tenant_id: int, _args: Args) -> None:
    """Forget what is kept for a time only, a transaction for each kind; then count what is left."""
    for forget in FORGETTING:
        with context.database.write(tenant_id) as tx:
            forget(tx)
    with context.database.write(tenant_id) as tx:
        count_rows(tx)


# Each takes (context, tenant id, arguments) and may run twice. One that awaits an adapter is
# async; the others run in a thread.
HANDLERS: Mapping[JobName, Handler] = {
    JobName.FAN_OUT: fan_out,
    JobName.DELIVER: deliver,
    JobName.RUN_BILLING: bill_run_job,
    JobName.BILL_CHUNKS: bill_chunks_job,
    JobName.RENDER_DOCUMENTS: render_documents_job,
    JobName.CONTRACT_DAY: contract_day_job,
    JobName.ACCOUNTING_DAY: accounting_day_job,
    JobName.SEND_EXPORT: send_export_job,
    JobName.CHECK_TRANSFERS: check_transfers_job,
    JobName.COLLECT_PAYMENTS: collect_payments_job,
    JobName.RESOLVE_PAYMENTS: resolve_payments_job,
    JobName.PAYMENT_DAY: payment_day_job,
    JobName.HANDLE_INBOX: handle_inbox_job,
    JobName.POLL_PROVIDERS: poll_providers_job,
    JobName.ACT_ON_CHARGEBACK: act_on_chargeback_job,
    JobName.SYNC_BANK: sync_bank_job,
    JobName.BANK_DAY: bank_day_job,
    JobName.OUTBOX_ROUND: outbox_round_job,
    JobName.SEND_MAILS: send_mails_job,
    JobName.MAIL_DAY: mail_day_job,
    JobName.RUN_DUNNING: run_dunning_job,
    JobName.CHECK_VAT_ID: check_vat_id_job,
    JobName.VAT_DAY: vat_day_job,
    JobName.TIDY_UP: tidy_up,
}

# By the wall clock of each tenant.
SCHEDULE: Mapping[JobName, Rhythm] = {
    JobName.CONTRACT_DAY: DailyAt(time(2, 0)),
    JobName.ACCOUNTING_DAY: DailyAt(time(2, 30)),
    JobName.PAYMENT_DAY: DailyAt(time(8, 15)),
    JobName.COLLECT_PAYMENTS: EveryMinutes(60),
    JobName.RESOLVE_PAYMENTS: EveryMinutes(1),
    JobName.POLL_PROVIDERS: EveryMinutes(15),
    JobName.BANK_DAY: EveryMinutes(10),
    JobName.OUTBOX_ROUND: EveryMinutes(1),
    JobName.MAIL_DAY: DailyAt(time(7, 0)),
    JobName.RUN_DUNNING: DailyAt(time(6, 0)),
    JobName.VAT_DAY: DailyAt(time(4, 0)),
    JobName.TIDY_UP: DailyAt(time(3, 30)),
}


def start_what_is_due(database: Database, schedule: Mapping[JobName, Rhythm]) -> None:
    """Put in the jobs whose tick has come, for every tenant; also those an outage missed."""
    with database.read(0) as tx:
        tenants = list_tenants(tx)
    for tenant in tenants:
        for name, rhythm in schedule.items():
            with database.write(tenant.id) as tx:
                run_schedule(tx, name, rhythm, zone(tenant.time_zone))
