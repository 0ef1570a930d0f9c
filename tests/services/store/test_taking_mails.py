"""Taking mails for a server: at the last moment only what still waits is taken (F084)."""

from sqlalchemy import update
from tests.services.company import Company, opened

from faktura.domain.mails import MailAsk
from faktura.kernel.outbox_terms import MailState, MailUse
from faktura.store.mail_sending import take
from faktura.store.mails import MailFilter, list_mails, write_mails
from faktura.store.tables import mail


def test_only_a_mail_that_waits_is_taken(database_url):
    """Called off, sent or taken by another since it was read: it goes to no server once more."""
    database = opened(database_url)
    tenant_id = Company(database).tenant.id
    with database.write(tenant_id) as tx:
        write_mails(
            tx, [MailAsk(MailUse.INVOICE, f"fact:{one}", "K-1") for one in MailState], place=1
        )
        ids = {one.fact.removeprefix("fact:"): one.id for one in list_mails(tx, MailFilter())}
        for state in MailState:
            tx.connection.execute(update(mail).where(mail.c.id == ids[state]).values(state=state))

    with database.write(tenant_id) as tx:
        taken = take(tx, list(ids.values()))
    with database.write(tenant_id) as tx:
        again = take(tx, list(ids.values()))

    assert (taken, again) == ({ids[MailState.WAITING]}, set())
    with database.read(tenant_id) as tx:
        kept = {one.id: one for one in list_mails(tx, MailFilter())}
    assert {state: kept[ids[state]].state for state in MailState} == {
        state: MailState.SENDING if state is MailState.WAITING else state for state in MailState
    }
    assert sum(one.attempts for one in kept.values()) == 1
    database.close()
