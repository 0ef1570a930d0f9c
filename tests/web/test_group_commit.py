"""Group commit: one at a time, each told of its own, none lost at the end."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from faktura.kernel.errors import DatabaseUnreachable, WriteRefused
from faktura.kernel.request_errors import RateLimited
from faktura.web import group_commit
from faktura.web.group_commit import GroupCommit


class Written:
    """What was written, group by group; waits for `go` before each."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.go = threading.Event()
        self.error: Exception | None = None

    def write(self, group: Sequence[str]) -> None:
        """Keep a group, refuse one that holds `bad`."""
        self.go.wait(5)
        self.groups.append(list(group))
        if self.error is not None:
            raise self.error
        if "bad" in group:
            raise WriteRefused("no")


async def _begun(commits: GroupCommit[str], *items: str) -> list[asyncio.Task[None]]:
    tasks = [asyncio.create_task(commits.commit(item)) for item in items]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_what_comes_during_a_write_is_the_next_group():
    """The first is written alone, those behind it together."""
    written = Written()
    commits = GroupCommit(written.write)

    tasks = await _begun(commits, "a") + await _begun(commits, "b", "c", "d")
    written.go.set()
    await asyncio.gather(*tasks)
    await commits.close()

    assert written.groups == [["a"], ["b", "c", "d"]]


async def test_a_refused_group_is_written_one_by_one():
    """Only the sender of what is refused is told so."""
    written = Written()
    commits = GroupCommit(written.write)

    tasks = await _begun(commits, "a") + await _begun(commits, "b", "bad", "c")
    written.go.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    await commits.close()

    assert written.groups == [["a"], ["b", "bad", "c"], ["b"], ["bad"], ["c"]]
    assert [type(result) for result in results] == [
        type(None),
        type(None),
        WriteRefused,
        type(None),
    ]


async def test_an_unreachable_database_is_not_asked_for_each():
    """It would make everybody wait once more."""
    written = Written()
    written.error = DatabaseUnreachable("away")
    commits = GroupCommit(written.write)

    tasks = await _begun(commits, "a") + await _begun(commits, "b", "c")
    written.go.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    await commits.close()

    assert written.groups == [["a"], ["b", "c"]]
    assert [type(result) for result in results] == [DatabaseUnreachable] * 3


async def test_closing_writes_what_waits():
    """Also what nobody waits for any more: it may have been meant to be kept."""
    written = Written()
    commits = GroupCommit(written.write)
    tasks = await _begun(commits, "a", "b")

    tasks[1].cancel()
    closing = asyncio.create_task(commits.close())
    await asyncio.sleep(0)
    written.go.set()
    await closing

    assert sorted(item for group in written.groups for item in group) == ["a", "b"]


async def test_more_than_fits_is_asked_to_come_again(monkeypatch: pytest.MonkeyPatch):
    """The memory of a process that cannot write is bounded."""
    monkeypatch.setattr(group_commit, "_MOST_WAITING", 2)
    written = Written()
    commits = GroupCommit(written.write)

    tasks = await _begun(commits, "a") + await _begun(commits, "b", "c")
    with pytest.raises(RateLimited) as refused:
        await commits.commit("d")
    written.go.set()
    await asyncio.gather(*tasks)
    await commits.close()

    assert refused.value.retry_after == 30
    assert sorted(item for group in written.groups for item in group) == ["a", "b", "c"]
