"""The kit finds defects: broken variants of the double, each with the scenario that must fail on it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeAlias
from uuid import uuid4

import pytest
from tests.unit.testing.broken_abilities import (
    BelievesEverybody,
    CancelsWhatIsPaid,
    ChargebackWithoutAName,
    ClosesAPaidPage,
    DropsUnknownTypes,
    NewIdEachTime,
    OneIdForAll,
    PollsNothing,
    RefundsMoreThanIsLeft,
    RefundsTwice,
    ShowsTheWholeNumber,
    TakesALostRefundForFailed,
    TellsNoMark,
    TellsTheEventsOldState,
)
from tests.unit.testing.broken_payments import (
    AsksTheSystemForTheTime,
    ChargesTwice,
    ClaimsALowerMinimum,
    DeclinesWhatTheCustomerMustConfirm,
    EveryDeclineIsSoft,
    GuessesAnUnknownStatus,
    GuessesSuccess,
    LetsAnErrorThrough,
    LogsASecret,
    LooksUpByInvoice,
    PendingIsPaid,
    Rounds,
    SaysNoAfterMoneyMoved,
    SaysNotDoneAfterMoneyMoved,
    SwallowsADecline,
    TakesAbsentForCancelled,
    TakesAHundredfold,
    TakesAUsedKeyForANewRequest,
    TellsASecretInACause,
    TellsASecretInAnError,
    WrongMinorUnits,
)
from typing_extensions import override

from faktura.kernel.outside_errors import OutcomeUnknown
from faktura.kernel.payment_terms import PaymentFactKind
from faktura.plugin import (
    WebhookSource,
)
from faktura.testing.kit.payments import (
    CancelKit,
    MeansKit,
    PageKit,
    PaymentKit,
    PollingKit,
    RefundKit,
    Will,
)
from faktura.testing.kit.payments_double import DoubleBench
from faktura.testing.kit.payments_wire import Trouble
from faktura.testing.kit.webhooks import Forgery, WebhookKit
from faktura.testing.kit.wire import Fault
from faktura.testing.payment_double import DoubleProvider

LOST_AFTER = Trouble(Fault.ANSWER_LOST, reached=True)
LOST_BEFORE = Trouble(Fault.ANSWER_LOST, reached=False)
NOT_SENT = Trouble(Fault.NOT_SENT, reached=False)


class Kit(PaymentKit, RefundKit, CancelKit, PageKit, MeansKit, PollingKit, WebhookKit):
    """The kit on a broken variant; not collected by itself."""

    __test__ = False

    def __init__(self, broken: type[DoubleProvider | WebhookSource], folder: Path) -> None:
        self.broken, self.folder = broken, folder

    @override
    @asynccontextmanager
    async def bench(self) -> AsyncIterator[DoubleBench]:
        name = self.folder / uuid4().hex
        name.mkdir()
        bench = DoubleBench(name)
        if issubclass(self.broken, DoubleProvider):
            bench.provider_class = self.broken
        else:
            bench.reader_class = self.broken
        yield bench


Defect: TypeAlias = tuple[type[DoubleProvider] | type[WebhookSource], str, *tuple[object, ...]]

DEFECTS: list[Defect] = [
    (ChargesTwice, "test_the_same_request_again_is_the_same_payment"),
    (GuessesSuccess, "test_a_lost_answer_is_neither_yes_nor_no", LOST_BEFORE),
    (GuessesSuccess, "test_a_lost_answer_is_neither_yes_nor_no", LOST_AFTER),
    (SaysNoAfterMoneyMoved, "test_a_lost_answer_is_neither_yes_nor_no", LOST_AFTER),
    (SaysNotDoneAfterMoneyMoved, "test_a_lost_answer_is_neither_yes_nor_no", LOST_AFTER),
    (SwallowsADecline, "test_a_decline_says_whether_this_means_can_work_again", Will.DECLINE_SOFT),
    (
        EveryDeclineIsSoft,
        "test_a_decline_says_whether_this_means_can_work_again",
        Will.DECLINE_HARD,
    ),
    (DeclinesWhatTheCustomerMustConfirm, "test_what_the_customer_must_confirm_is_no_decline"),
    (PendingIsPaid, "test_what_is_decided_later_is_pending_and_not_paid"),
    (WrongMinorUnits, "test_a_payment_that_succeeds_is_told_to_the_cent"),
    (TakesAHundredfold, "test_an_amount_is_taken_to_the_last_unit", "EUR", "19.99"),
    (Rounds, "test_what_is_no_amount_is_rejected_and_never_rounded", "119.001"),
    (AsksTheSystemForTheTime, "test_a_payment_that_succeeds_is_told_to_the_cent"),
    (
        TakesAUsedKeyForANewRequest,
        "test_a_key_that_is_used_with_another_amount_pays_nothing_more",
    ),
    (LogsASecret, "test_no_secret_is_told_when_all_goes_well"),
    (TellsASecretInACause, "test_no_secret_is_told_when_it_goes_wrong"),
    (GuessesAnUnknownStatus, "test_a_status_that_nobody_has_heard_of_decides_nothing"),
    (TakesAbsentForCancelled, "test_an_attempt_that_nobody_heard_of_is_absent"),
    (LooksUpByInvoice, "test_two_attempts_are_two_payments"),
    (ClaimsALowerMinimum, "test_capabilities_are_told_without_asking_anybody"),
    (RefundsTwice, "test_the_same_refund_again_gives_nothing_twice"),
    (RefundsMoreThanIsLeft, "test_parts_are_given_back_until_nothing_is_left"),
    (TakesALostRefundForFailed, "test_a_lost_refund_is_neither_given_nor_refused", LOST_AFTER),
    (CancelsWhatIsPaid, "test_what_is_paid_stays_paid", True),
    (ClosesAPaidPage, "test_closing_tells_that_the_customer_was_faster"),
    (ShowsTheWholeNumber, "test_a_saved_means_is_described_for_people"),
    (PollsNothing, "test_a_payment_that_nobody_delivered_is_found_by_polling"),
    (
        TellsNoMark,
        "test_a_delivery_tells_how_a_pending_payment_ended",
        PaymentFactKind.PAYMENT_SUCCEEDED,
    ),
    (
        TellsTheEventsOldState,
        "test_a_delivery_tells_how_a_pending_payment_ended",
        PaymentFactKind.PAYMENT_FAILED,
    ),
    (ChargebackWithoutAName, "test_a_late_chargeback_is_told_in_its_stages", True),
    (BelievesEverybody, "test_a_forged_delivery_is_refused", Forgery.OTHER_SECRET),
    (BelievesEverybody, "test_a_forged_delivery_is_refused", Forgery.NO_SIGNATURE),
    (BelievesEverybody, "test_a_forged_delivery_is_refused", Forgery.SWAPPED_BODY),
    (NewIdEachTime, "test_a_delivery_twice_is_the_same_event"),
    (OneIdForAll, "test_different_events_have_different_ids"),
    (DropsUnknownTypes, "test_an_event_of_an_unknown_type_is_kept"),
]


@pytest.mark.parametrize(
    "defect", DEFECTS, ids=[f"{one[0].__name__}-{number}" for number, one in enumerate(DEFECTS)]
)
def test_the_kit_finds_each_defect(defect: Defect, tmp_path: Path):
    """By the scenario that is named for it; the sound double passes them all (test_kit_payments)."""
    broken, scenario, *values = defect

    with pytest.raises((AssertionError, pytest.fail.Exception)):
        asyncio.run(getattr(Kit(broken, tmp_path), scenario)(*values))


@pytest.mark.parametrize(
    ("broken", "error"), [(LetsAnErrorThrough, OutcomeUnknown), (TellsASecretInAnError, ValueError)]
)
def test_an_error_that_an_adapter_may_not_raise_ends_the_scenario(broken, error, tmp_path: Path):
    """Only OutsideUnavailable and AccountBroken may be raised: the kit swallows no other."""
    trouble = LOST_AFTER if error is OutcomeUnknown else NOT_SENT

    with pytest.raises(error):
        asyncio.run(Kit(broken, tmp_path).test_a_lost_answer_is_neither_yes_nor_no(trouble))
