"""VAT ids of customers abroad: asked, kept, frozen, told where something deviates (F118, F120)."""

import json
from datetime import date

import pytest
from tests.services.vat_ids.conftest import VatHouse, run

from faktura.domain.snapshot import buyer_snapshot
from faktura.domain.vat_policies import VatPolicy
from faktura.flows.vat_checks import ask_what_is_due
from faktura.flows.vat_jobs import check_vat_id_job
from faktura.kernel.errors import PluginMissing, TransitionRefused
from faktura.kernel.outside_errors import LinkRefused, OutsideUnavailable
from faktura.kernel.vat_terms import VatCheckResult
from faktura.services.vat_policies import VatPolicyChange, change_vat_policy
from faktura.store.tenants import read_tenant

FAILED = "VATID_CHECK_FAILED"


def told(house: VatHouse) -> list[dict[str, object]]:
    """What was told of failed checks."""
    return [json.loads(row.data) for row in house.rows("event") if row.type == FAILED]


def test_a_valid_id_is_kept_with_its_proof(vat_house: VatHouse) -> None:
    """F120: the result, what matched, the register's number and the answer as it came."""
    vat_house.add()

    check = vat_house.check()

    assert (check.no, check.result, check.reference) == (1, VatCheckResult.VALID, "R-1")
    assert json.loads(check.matches) == {
        "name": "MATCH",
        "street": "NOT_TOLD",
        "zipCode": "NOT_TOLD",
        "city": "MATCH",
    }
    assert check.answer == '{"valid": true}'
    assert told(vat_house) == []


def test_the_register_is_asked_with_name_address_and_our_own_id(vat_house: VatHouse) -> None:
    """A qualified check: what it compares is what stands on invoices."""
    vat_house.add()

    vat_house.check()

    (question,) = vat_house.register.asked
    assert question.model_dump() == {
        "vat_id": "ATU12345675",
        "own_vat_id": "DE123456788",
        "name": "Alpina Verlag GmbH",
        "street": "Ring 1",
        "zip_code": "1010",
        "city": "Wien",
    }


def test_invoices_freeze_the_last_check_of_the_number_they_carry(vat_house: VatHouse) -> None:
    """F120: from the check on; a changed number begins without one."""
    vat_house.add()
    assert "vatCheck" not in buyer_snapshot(vat_house.customer())

    vat_house.check()

    assert buyer_snapshot(vat_house.customer())["vatCheck"] == {
        "vatId": "ATU12345675",
        "result": "VALID",
        "checkedOn": "2026-11-22",
        "checker": "double",
        "reference": "R-1",
        "matches": {"name": "MATCH", "street": "NOT_TOLD", "zipCode": "NOT_TOLD", "city": "MATCH"},
    }
    vat_house.change(email="neu@alpina.example")
    assert "vatCheck" in buyer_snapshot(vat_house.customer())
    vat_house.change(euTaxId="ATU33864707")
    assert "vatCheck" not in buyer_snapshot(vat_house.customer())


def test_an_invalid_id_is_told_at_once(vat_house: VatHouse) -> None:
    """F118, F120: event, mail to the tenant, task; the number itself stays out of the event."""
    vat_house.add(euTaxId="ATU33864707")

    check = vat_house.check()

    assert check.result is VatCheckResult.INVALID
    assert told(vat_house) == [
        {
            "customerNumber": "A-1",
            "check": str(check.id),
            "result": "INVALID",
            "differs": [],
            "checkedOn": "2026-11-22",
        }
    ]
    (mail,) = vat_house.rows("mail")
    assert (mail.use, mail.fact) == ("VAT_CHECK_FAILED", f"vat-check:{check.id}")
    assert json.loads(mail.given)["check"] == {
        "vatId": "ATU33864707",
        "checkedOn": "2026-11-22",
        "result": "ungültig",
        "findings": ["ATU33864707 ist ungültig"],
    }
    (task,) = vat_house.rows("task")
    assert task.kind == FAILED
    assert "ATU33864707 is not valid" in task.problem


def test_somebody_elses_id_is_a_deviation(vat_house: VatHouse) -> None:
    """Valid, but registered for another name: the qualified check finds it."""
    vat_house.add(name="Andere Verlag GmbH")

    vat_house.check()

    (one,) = told(vat_house)
    assert (one["result"], one["differs"]) == ("VALID", ["name"])
    (task,) = vat_house.rows("task")
    assert "the name is not the registered one" in task.problem


def test_a_plain_check_compares_nothing(vat_house: VatHouse) -> None:
    """The tenant asks for validity alone."""
    change: VatPolicyChange = {"checker": None, "every_days": None, "qualified": False}
    vat_house.write(change_vat_policy, change, offered=["double"], by="anna")
    vat_house.add(name="Andere Verlag GmbH")

    check = vat_house.check()

    assert (check.result, check.matches) == (VatCheckResult.VALID, "{}")
    assert told(vat_house) == []


@pytest.mark.parametrize("vat_id", ["ATU12345678", "DK88146327"])
def test_a_wrong_check_digit_never_gets_there(vat_house: VatHouse, vat_id: str) -> None:
    """python-stdnum knows; the register is not asked, the deviation is told all the same."""
    vat_house.add(euTaxId=vat_id)

    check = vat_house.check()

    assert check.result is VatCheckResult.MISFORMED
    assert "check digit" in check.problem
    assert vat_house.register.asked == []
    assert len(told(vat_house)) == 1


def test_a_member_state_that_is_down_is_no_failed_check(vat_house: VatHouse) -> None:
    """It is kept that we asked; nothing is told, and what was known before stays."""
    vat_house.add()
    vat_house.check()
    vat_house.register.silent = True

    check = vat_house.check()

    assert (check.no, check.result) == (2, VatCheckResult.UNAVAILABLE)
    assert told(vat_house) == []
    checked = vat_house.customer().vat_checked
    assert checked is not None
    assert (checked.result, checked.checked_on) == (VatCheckResult.VALID, date(2026, 11, 22))


def test_a_job_asks_again_while_nobody_answers(vat_house: VatHouse) -> None:
    """OutsideUnavailable is how the queue learns to come back."""
    vat_house.add()
    vat_house.register.silent = True

    with pytest.raises(OutsideUnavailable, match="the register of AT does not answer"):
        run(check_vat_id_job(vat_house.context, vat_house.tenant.id, {"customer": "A-1"}))

    vat_house.register.silent = False
    run(check_vat_id_job(vat_house.context, vat_house.tenant.id, {"customer": "A-1"}))
    assert [one.result.value for one in vat_house.checks()] == ["VALID", "UNAVAILABLE"]


def test_a_question_that_is_refused_is_kept_nowhere(vat_house: VatHouse) -> None:
    """The error goes to whoever asked: a person at the command line, or the job."""
    vat_house.add()
    vat_house.register.failing = LinkRefused("it says INVALID_REQUESTER_INFO", place="VIES")

    with pytest.raises(LinkRefused):
        vat_house.check()

    assert vat_house.checks() == []


def test_a_new_and_a_changed_id_are_checked_soon(vat_house: VatHouse) -> None:
    """F120: on change; another e-mail address is no reason, another name is one."""
    vat_house.add()
    assert vat_house.jobs() == ['{"customer":"A-1"}']

    vat_house.change(email="neu@alpina.example")
    assert len(vat_house.jobs()) == 1
    vat_house.change(name="Alpina Verlags GmbH")
    assert len(vat_house.jobs()) == 2


def test_customers_at_home_and_outside_the_union_are_left_alone(vat_house: VatHouse) -> None:
    """Only VAT ids of other member states are checked."""
    vat_house.add(
        customerNumber="B-1",
        billingAddress={"street": "Weg 1", "zipCode": "10115", "city": "Berlin", "country": "DE"},
        euTaxId="DE123456788",
    )
    vat_house.add(customerNumber="B-2", euTaxId=None)

    assert vat_house.jobs() == []
    with pytest.raises(TransitionRefused, match="B-1 has no VAT id of another member state"):
        vat_house.check("B-1")
    run(check_vat_id_job(vat_house.context, vat_house.tenant.id, {"customer": "B-2"}))
    assert vat_house.register.asked == []


def test_without_a_register_nobody_is_asked(vat_house: VatHouse) -> None:
    """The tenant switches it off: no jobs, and a person is told how to switch it on."""
    change: VatPolicyChange = {"checker": "none", "every_days": None, "qualified": None}
    vat_house.write(change_vat_policy, change, offered=["double"], by="anna")
    vat_house.tenant = vat_house.read(read_tenant)

    vat_house.add()

    assert vat_house.jobs() == []
    house = vat_house
    assert ask_what_is_due(house.database, house.context.adapters, house.tenant.id) == 0
    with pytest.raises(TransitionRefused, match="no register is set") as caught:
        vat_house.check()
    assert caught.value.mend == "Run: faktura vat-ids policy --checker vies"


def test_a_register_nobody_offers_is_refused(vat_house: VatHouse) -> None:
    """With what is offered."""
    change: VatPolicyChange = {"checker": "vies", "every_days": None, "qualified": None}

    with pytest.raises(PluginMissing, match="vies") as caught:
        vat_house.write(change_vat_policy, change, offered=["double"], by="anna")

    assert caught.value.mend == "Offered: double"
    assert vat_house.read(read_tenant).vat_checks == VatPolicy("double")


def test_the_policy_changes_with_an_event(vat_house: VatHouse) -> None:
    """Who set it, what it was before; the same again writes nothing."""
    change: VatPolicyChange = {"checker": None, "every_days": 30, "qualified": None}
    vat_house.write(change_vat_policy, change, offered=["double"], by="anna")
    vat_house.write(change_vat_policy, change, offered=["double"], by="anna")

    (row,) = [row for row in vat_house.rows("event") if row.type == "ACCOUNTING_CHANGED"]
    assert json.loads(row.data) == {
        "vatChecks": {"checker": "double", "everyDays": 30, "qualified": True},
        "old": {"checker": "double", "everyDays": 90, "qualified": True},
        "by": "anna",
    }
