"""The kit notices an adapter that breaks at an odd field of an answer, after the money moved."""

import pytest
from tests.unit.testing.reference_folders import kit_tests
from typing_extensions import override

from faktura.kernel.errors import UnknownTerm
from faktura.kernel.outside_errors import OutcomeUnknown
from faktura.plugin import AttemptReference, Outcome, Unclear
from faktura_ref_payment.adapter import RefPaymentAdapter
from faktura_ref_payment.mapping import outcome_of


class LetsTheCurrencyThrough(RefPaymentAdapter):
    """Does not expect that the provider names a currency that nobody here knows."""

    @override
    async def look_up(self, attempt: AttemptReference) -> Outcome:
        try:
            said = await self._asked("GET", f"/payments/{attempt.request.key}")
        except OutcomeUnknown as lost:
            return Unclear(why=lost.problem)
        return outcome_of(said)


async def test_a_currency_that_nobody_knows_is_no_crash(monkeypatch: pytest.MonkeyPatch):
    """The reference connector passes; one that lets the currency's error out does not."""
    tests = kit_tests("payment")
    await tests.TestRefPayment().test_an_odd_field_of_an_answer_breaks_nothing()

    monkeypatch.setattr(tests, "RefPaymentAdapter", LetsTheCurrencyThrough)

    with pytest.raises(UnknownTerm, match="is not known"):
        await tests.TestRefPayment().test_an_odd_field_of_an_answer_breaks_nothing()
