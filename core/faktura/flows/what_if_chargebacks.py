"""The past months' chargebacks and retries under another policy: read, reckoned, nothing written (O13)."""

from dataclasses import replace
from datetime import datetime, timedelta

from faktura.domain.attempts import Attempt
from faktura.domain.chargeback_what_if import Outlook, PastChargeback, Replay, Tried
from faktura.domain.payment_policies import PaymentPolicies
from faktura.domain.retries import RetryRules
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import zone
from faktura.kernel.payment_terms import AttemptState
from faktura.services.attempt_failures import failure_of
from faktura.store.chargebacks import (
    ChargebackFilter,
    documents_tried_since,
    list_chargebacks,
)
from faktura.store.collectable import own_attempts
from faktura.store.database import Database
from faktura.store.transaction import Tx

S = AttemptState
_MONTH = timedelta(days=30.4375)


def what_if_chargebacks(
    database: Database, tenant: Tenant, policies: PaymentPolicies, months: int
) -> list[Outlook]:
    """What these policies would have made of the past `months`, by method and currency."""
    with database.read(tenant.id) as tx:
        since = tx.now() - months * _MONTH
        replay = Replay(policies)
        replay.chargebacks(_past(tx, since))
        _replay_retries(tx, replay, tenant, since)
    return replay.outlooks()


def _past(tx: Tx, since: datetime) -> list[PastChargeback]:
    listed = list_chargebacks(tx, ChargebackFilter(since=since))
    return [
        PastChargeback(
            one.chargeback.opened_at,
            one.chargeback.method,
            one.customer_number,
            one.chargeback.course.contracts,
            one.chargeback.amount,
            one.chargeback.fee,
            one.chargeback.follow_up,
        )
        for one in reversed(listed)
    ]


def _replay_retries(tx: Tx, replay: Replay, tenant: Tenant, since: datetime) -> None:
    documents = documents_tried_since(tx, since)
    for document_id, attempts in own_attempts(tx, documents).items():
        tries = [_tried(one) for one in attempts if one.created_at >= since and _is_decided(one)]
        rules = RetryRules(replay.policies, zone(tenant.time_zone), document_id.int)
        replay.retries(tries, rules)


def _tried(one: Attempt) -> Tried:
    failed = None if one.failure is None else replace(failure_of(one), failure=one.failure)
    return Tried(one, failed)


def _is_decided(one: Attempt) -> bool:
    """Whether it was made and its end is known: what was called off teaches nothing."""
    return one.failure is not None or one.state in (S.SUCCEEDED, S.CHARGED_BACK)
