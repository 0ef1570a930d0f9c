"""Whose turn it is to be checked, and answers that come late or are hostile (F120)."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.services.vat_ids.conftest import VatHouse, nothing_waits

from faktura.domain.vat_policies import VatPolicy
from faktura.flows.vat_checks import ask_what_is_due
from faktura.flows.vat_jobs import vat_day_job
from faktura.kernel.errors import PluginMissing
from faktura.kernel.vat_terms import VatCheckResult
from faktura.plugin import VatIdAnswer
from faktura.services import vat_requests
from faktura.services.tenants import change_tenant
from faktura.services.vat_checks import record_check
from faktura.services.vat_requests import ask_soon, vat_question

FAILED = "VATID_CHECK_FAILED"


def day(house: VatHouse, days: int) -> None:
    """The night so many days later."""
    house.clock.advance(timedelta(days=days))
    vat_day_job(house.context, house.tenant.id, {})


def due(house: VatHouse) -> int:
    """Whose turn it is, put in as the command does it."""
    return ask_what_is_due(house.database, house.context.adapters, house.tenant.id)


def told(house: VatHouse) -> list[dict[str, object]]:
    """What was told of failed checks."""
    return [json.loads(row.data) for row in house.rows("event") if row.type == FAILED]


def test_each_night_asks_for_those_whose_turn_it_is(vat_house: VatHouse) -> None:
    """90 days after the last answer, once a day."""
    vat_house.add()
    vat_house.check()
    nothing_waits(vat_house)

    day(vat_house, 89)
    assert vat_house.jobs() == []
    day(vat_house, 1)
    assert vat_house.jobs() == ['{"customer":"A-1"}']


def test_whose_check_still_waits_is_not_put_in_again(vat_house: VatHouse) -> None:
    """A member state may be away for days: its customers wait once each."""
    vat_house.add()
    nothing_waits(vat_house)

    day(vat_house, 1)
    day(vat_house, 1)

    assert vat_house.jobs() == ['{"customer":"A-1"}']
    assert due(vat_house) == 0


def test_many_other_names_at_once_are_asked_about_so_many_a_day(
    vat_house: VatHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F120: on change. The nightly look finds new VAT ids, not the other name of one that was checked."""
    monkeypatch.setattr(vat_requests, "MOST_A_DAY", 20)
    known = [vat_house.add(customerNumber=f"A-{no}") for no in range(1, 23)]
    checked = [vat_house.customer(vat_house.check(one.number).customer_number) for one in known]
    nothing_waits(vat_house)

    renamed = [(one, replace(one, name="Alpina Verlags GmbH")) for one in checked]
    new = [(None, replace(one, number=f"N-{one.number}")) for one in known]
    vat_house.write(ask_soon, vat_house.tenant, [*renamed, *new])

    assert vat_house.jobs() == [f'{{"customer":"A-{no}"}}' for no in range(1, 23)]
    days = [row.run_at.date().day for row in vat_house.rows("job")]
    assert days == [22] * 20 + [23] * 2


def test_a_register_whose_plugin_is_gone_is_missed_once_a_night(vat_house: VatHouse) -> None:
    """The nightly look says so; no customer's check is put in to fail alone."""
    vat_house.add()
    nothing_waits(vat_house)
    policy = VatPolicy("gone")
    vat_house.write(change_tenant, replace(vat_house.tenant, vat_checks=policy))

    with pytest.raises(PluginMissing, match="gone"):
        day(vat_house, 1)

    assert vat_house.jobs() == []


def test_a_number_that_changes_while_it_is_asked_about_keeps_its_own_check(
    vat_house: VatHouse,
) -> None:
    """The late answer about the old number is kept, and stands on no invoice and in no task."""
    vat_house.add(euTaxId="ATU33864707")
    asked = vat_house.read(vat_question, vat_house.tenant, "A-1")
    vat_house.change(euTaxId="ATU12345675")
    vat_house.check()
    answer = VatIdAnswer(result=VatCheckResult.INVALID)

    vat_house.write(record_check, vat_house.tenant, asked, answer)

    assert [one.result.value for one in vat_house.checks()] == ["INVALID", "VALID"]
    checked = vat_house.customer().vat_checked
    assert checked is not None
    assert (checked.vat_id, checked.result) == ("ATU12345675", VatCheckResult.VALID)
    assert (told(vat_house), vat_house.rows("task")) == ([], [])


def test_what_a_register_says_in_a_word_is_short_and_can_be_written(vat_house: VatHouse) -> None:
    """No database takes a NUL or half a character; an invoice has no room for a page."""
    vat_house.add()
    asked = vat_house.read(vat_question, vat_house.tenant, "A-1")
    hostile = "R-1\0\ud800\n" + "x" * 70_000
    answer = VatIdAnswer(result=VatCheckResult.VALID, reference=hostile, raw=b"\0\xff" * 4_000)

    vat_house.write(record_check, vat_house.tenant, asked, answer)

    (check,) = vat_house.checks()
    assert check.reference == "R-1" + "x" * 247
    assert len(check.answer) == 4_000
