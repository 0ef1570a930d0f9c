"""What a line is about: fields of around and of within, gone afterwards."""

import asyncio

from faktura.kernel.log_context import log_about, log_fields


def test_fields_of_within_stand_behind_those_of_around():
    """And end where they were given."""
    with log_about(tenant=1, job="j"):
        with log_about(attempt="a"):
            assert list(log_fields().items()) == [("tenant", "1"), ("job", "j"), ("attempt", "a")]
        assert dict(log_fields()) == {"tenant": "1", "job": "j"}
    assert dict(log_fields()) == {}


async def test_two_tasks_do_not_see_each_others():
    """Sixteen calls run at once: each line names its own attempt."""
    seen = {}

    async def call(name: str) -> None:
        with log_about(attempt=name):
            await asyncio.sleep(0)
            seen[name] = await asyncio.to_thread(lambda: log_fields()["attempt"])

    await asyncio.gather(call("one"), call("two"))

    assert seen == {"one": "one", "two": "two"}
    assert dict(log_fields()) == {}
