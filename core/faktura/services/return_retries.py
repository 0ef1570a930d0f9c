"""When a debit that was paid and came back is collected again by itself (O13)."""

from datetime import datetime

from faktura.domain.attempts import Attempt
from faktura.domain.retries import Failure, RetryRules
from faktura.domain.return_reasons import RetryRule, reason_of
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import zone
from faktura.kernel.payment_terms import AttemptState, FailureClass
from faktura.services.attempt_failures import failure_of
from faktura.store.collectable import own_attempts
from faktura.store.transaction import Tx


def retry_of_return(tx: Tx, tenant: Tenant, attempt: Attempt, code: str | None) -> datetime | None:
    """The moment of the next debit by the method's days; None where its reason allows none.

    Debits of the document by the same account that failed or came back before used up days.
    """
    reason = reason_of(code)
    if reason.retry is not RetryRule.RETRY:
        return None
    earlier = [
        failure_of(one)
        for one in own_attempts(tx, [attempt.document_id]).get(attempt.document_id, ())
        if one.id < attempt.id
        and one.fingerprint == attempt.fingerprint
        and (one.failure is FailureClass.SOFT or one.state is AttemptState.CHARGED_BACK)
    ]
    returned = Failure(tx.now(), FailureClass.SOFT, attempt.method, reason.code, reason.customer)
    rules = RetryRules(tenant.payments, zone(tenant.time_zone), attempt.document_id.int)
    return rules.next_try(returned, earlier)
