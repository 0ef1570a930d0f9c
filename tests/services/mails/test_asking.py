"""Facts become rows of mails: one a fact and use, whoever hands them out and however often (P48)."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.services.company import XRechnung, opened
from tests.services.mails.scene import MailScene

from faktura.domain.events import EventType
from faktura.domain.jobs import JobName
from faktura.kernel.outbox_terms import MailState, MailUse
from faktura.services.cancelling import Cancelling, cancel_invoice
from faktura.services.issuing import Desk
from faktura.services.mail_outbox import ask_for_mail

CHARGEBACK = UUID("0199f6ec-0000-7000-8000-000000000001")
NOTICE = UUID("0199f6ec-0000-7000-8000-000000000002")
TROUBLE: dict[str, object] = {
    "customerNumber": "K-1",
    "invoices": ["RE-000001"],
    "contracts": ["V-1"],
    "method": "CARD",
    "amount": "35.70",
    "currency": "EUR",
    "reason": "NO_FUNDS",
    "recipients": ["old@example.com"],
    "payUrl": "/pay/1.secret",
    "nextRetryAt": None,
}


def test_a_fact_handed_out_again_has_the_mail_that_it_had(scene: MailScene):
    """A fan-out that is cut off runs again; nobody is written to twice."""
    scene.customer()
    scene.customer()
    scene.bill()

    scene.hand_out()
    before = scene.mails()
    scene.hand_out()

    assert [(one.lane, one.use, one.state) for one in before] == [
        ("K-1", MailUse.INVOICE, MailState.WAITING),
        ("K-2", MailUse.INVOICE, MailState.WAITING),
    ]
    assert scene.mails() == before
    # One that waits to begin sees all mails there are.
    assert len(scene.jobs(JobName.SEND_MAILS)) == 1


def test_a_correction_and_a_cancellation_are_corrections(scene: MailScene):
    """Both take something back of an invoice (F066)."""
    scene.customer()
    scene.bill()
    desk = Desk(scene.company.tenant, XRechnung())
    with scene.database.write(scene.tenant_id) as tx:
        cancel_invoice(tx, desk, "RE-000001", Cancelling(reason="Irrtum"))

    scene.hand_out()

    assert sorted(one.use for one in scene.mails()) == [MailUse.CORRECTION, MailUse.INVOICE]


@pytest.mark.parametrize(
    ("notice", "use"),
    [
        ("PAYMENT_FAILED", MailUse.PAYMENT_FAILED),
        ("ACTION_NEEDED", MailUse.PAYMENT_FAILED),
        ("CHARGEBACK", MailUse.CHARGEBACK),
    ],
)
def test_a_notice_is_written_of_with_what_its_text_says(
    scene: MailScene, notice: str, use: MailUse
):
    """F087, F093: neither addresses nor links are kept beside it, they are found when it is written."""
    customer = scene.customer()
    scene.bill()
    scene.set_mail(off=frozenset({MailUse.INVOICE}))
    scene.tell(
        EventType.CUSTOMER_NOTICE, "payment_attempt", CHARGEBACK, {"notice": notice, **TROUBLE}
    )

    scene.hand_out()

    mail = scene.only()
    assert (mail.use, mail.lane, mail.customer_id) == (use, "K-1", customer.id)
    assert mail.fact == f"event:{CHARGEBACK.hex}:1"
    assert mail.document_id is not None
    assert mail.given["amount"] == "35.70"
    assert not mail.given.keys() & {"recipients", "payUrl"}


def test_a_dunning_notice_is_written_of_by_its_id(scene: MailScene):
    """What it says is frozen with it."""
    scene.customer()
    scene.tell(
        EventType.DUNNING_CREATED, "dunning_notice", NOTICE, {"customerNumber": "K-1", "level": 1}
    )

    scene.hand_out()

    mail = scene.only()
    assert (mail.use, mail.given) == (MailUse.DUNNING, {"notice": str(NOTICE)})


def test_other_facts_are_written_of_by_nobody(scene: MailScene):
    """A payment that came in, or a rendering, is no news for the customer."""
    scene.customer()
    scene.tell(EventType.CUSTOMER_NOTICE, "x", NOTICE, {"notice": "SOMETHING", **TROUBLE})
    scene.tell(EventType.INVOICE_PAYMENT_RECEIVED, "invoice", NOTICE, {"customerNumber": "K-1"})
    scene.tell(
        EventType.INVOICE_CREATED, "invoice", NOTICE, {"customerNumber": "K-1", "kind": "OPENING"}
    )

    scene.hand_out()

    assert scene.mails() == []


def test_a_use_that_is_off_is_not_written(scene: MailScene):
    """F127: nothing is kept of it, so switching it on again writes of nothing old."""
    scene.set_mail(off=frozenset({MailUse.INVOICE}))
    scene.customer()
    scene.bill()
    scene.hand_out()
    with scene.database.write(scene.tenant_id) as tx:
        asked = ask_for_mail(tx, MailUse.INVOICE, "a:1", lane="K-1")

    scene.set_mail(off=frozenset())

    assert not asked
    assert scene.mails() == []


def test_a_mail_asked_for_beside_the_events_is_there_once(scene: MailScene):
    """The same fact may be told for two uses, but once for each."""
    with scene.database.write(scene.tenant_id) as tx:
        asked = [
            ask_for_mail(tx, use, "endpoint:1", lane="webhooks", given={"failures": 3})
            for use in (
                MailUse.WEBHOOK_DISABLED,
                MailUse.WEBHOOK_DISABLED,
                MailUse.VAT_CHECK_FAILED,
            )
        ]

    assert asked == [True, False, True]
    assert [one.given for one in scene.mails()] == [{"failures": 3}] * 2


def test_two_who_ask_at_once_write_one_mail(scene: MailScene):
    """The key is the database's: neither is refused, one of them writes it."""

    def ask(_no: int) -> bool:
        with scene.database.write(scene.tenant_id) as tx:
            return ask_for_mail(tx, MailUse.WEBHOOK_DISABLED, "endpoint:1", lane="webhooks")

    with ThreadPoolExecutor(4) as pool:
        asked = list(pool.map(ask, range(8)))

    assert sorted(asked) == [False] * 7 + [True]
    assert scene.only().fact == "endpoint:1"


@given(
    facts=st.lists(
        st.tuples(
            st.sampled_from([MailUse.WEBHOOK_DISABLED, MailUse.VAT_CHECK_FAILED]),
            st.integers(1, 4),
        ),
        max_size=12,
    ),
    broken_off=st.sets(st.integers(0, 11)),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_asking_and_breaking_off_leaves_one_mail_a_fact_and_use(
    tmp_path_factory: pytest.TempPathFactory,
    facts: list[tuple[MailUse, int]],
    broken_off: set[int],
):
    """A transaction that does not commit asked for nothing; all others for one row together."""
    folder = tmp_path_factory.mktemp("asking")
    database = opened(f"sqlite:///{folder / 'f.db'}")
    scene = MailScene(database, folder)
    for no, (use, fact) in enumerate(facts):
        try:
            with database.write(scene.tenant_id) as tx:
                ask_for_mail(tx, use, f"fact:{fact}", lane="x")
                if no in broken_off:
                    raise InterruptedError
        except InterruptedError:
            continue

    found = [(one.use, one.fact) for one in scene.mails()]
    wanted = {(use, f"fact:{fact}") for no, (use, fact) in enumerate(facts) if no not in broken_off}
    database.close()
    assert sorted(found) == sorted(wanted)
