"""Places that wait for a person: each fails once, with its sentence; later scenarios wait for it."""

import re
import traceback
from collections.abc import Generator

import pytest

# Also in the text of another error: a scenario may have asked another process.
_WRITE = re.compile(r"(?:^|NotImplementedError: )(Write: [^\n\\]+)")
_told: set[str] = set()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the first scenario that reaches such a place fail with its sentence, skip the others."""
    report = yield
    if call.excinfo is None:
        return report
    found = sentence(call.excinfo.value)
    if found in _told:
        report.outcome = "skipped"
        report.longrepr = (str(item.path), item.location[1] or 0, f"Skipped: {found}")
    elif found:
        _told.add(found)
        last = traceback.extract_tb(call.excinfo.value.__traceback__)[-1]
        report.longrepr = f"{last.filename}:{last.lineno}\n  {found}"
    return report


def sentence(error: BaseException) -> str:
    """What a person has to write there; empty for every other error."""
    if not isinstance(error, NotImplementedError | AssertionError):
        return ""
    match = _WRITE.search(str(error))
    return match[1] if match else ""
