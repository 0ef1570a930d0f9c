"""Scenarios of secrets: in no log, no error and no repr, whatever goes wrong."""

import pytest

from faktura.plugin import AttemptReference
from faktura.testing.kit.payments_bench import PaymentBench, PaymentPart, Play, Will, collection
from faktura.testing.kit.payments_rules import as_printed, every_log, told
from faktura.testing.kit.payments_wire import TROUBLES, Always


class Secrets(PaymentPart):
    """The values of secret settings, and what the bench says is secret besides."""

    @pytest.mark.asyncio
    async def test_no_secret_is_told_when_all_goes_well(self) -> None:
        """Logs are read by many, and sent to other machines."""
        async with self.opened(PaymentBench) as bench:
            with every_log(bench.surroundings.log):
                adapter, answers = bench.adapter(), []
                for will in Will:
                    if will not in bench.cannot:
                        request = collection(bench.expect(will))
                        answers.append(await adapter.collect(request))
                        answers.append(await adapter.look_up(AttemptReference(request=request)))
                        break

            _assert_nothing_told(bench, adapter, adapter.settings, vars(adapter), *answers)

    @pytest.mark.asyncio
    async def test_no_secret_is_told_when_it_goes_wrong(self) -> None:
        """Errors carry what was asked along, down to their causes: that is where keys leak."""
        async with self.opened(PaymentBench, Will.PAY, Play.LOSE) as bench:
            answers: list[object] = []
            request = collection(bench.expect(Will.PAY))
            with every_log(bench.surroundings.log):
                for trouble in TROUBLES:
                    bench.disturb(trouble)
                    answers.append(await told(bench.adapter().collect(request)))
                bench.wire.faults.clear()
                if Play.LOSE_LOOK_UP not in bench.cannot:
                    for status in (400, 401, 403, 404, 422, 429, 500):
                        bench.wire.inner = Always(status, b"{}")
                        answers.append(await told(bench.adapter().collect(request)))
                        asked = AttemptReference(request=request)
                        answers.append(await told(bench.adapter().look_up(asked)))

            _assert_nothing_told(bench, *answers)


def _assert_nothing_told(bench: PaymentBench, *values: object) -> None:
    secrets = [one for one in bench.secrets() if one]
    assert bench.surroundings.log.secrets_in(secrets) == []
    printed = as_printed(*values)
    assert [f"{one[:3]}…" for one in secrets if one in printed] == []
