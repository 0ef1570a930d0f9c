"""What a connector is built with in the kit: a clock far from today, state, a log that is read."""

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from typing_extensions import override

from faktura.kernel.clock import FixedClock
from faktura.plugin import Http, NoHttp, Runtime, StateStore

KIT_NOW = datetime(2031, 3, 14, 9, 26, 53, tzinfo=UTC)
"""The kit's first moment: who asks the system for the time is years away from it."""


class KeptState(StateStore):
    """State as the core keeps it: JSON objects that come back as they were put."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    @override
    def get(self, key: str) -> object | None:
        found = self.values.get(key)
        return None if found is None else json.loads(found)

    @override
    def put(self, key: str, value: Mapping[str, object]) -> None:
        self.values[key] = json.dumps(value)


class ReadLog(logging.Handler):
    """Every line a connector logged, as it would stand in a file."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(levelname)s %(message)s"))

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def secrets_in(self, secrets: Iterable[str]) -> list[str]:
        """The lines in which one of the secrets stands."""
        told = [secret for secret in secrets if secret]
        return [line for line in self.lines if any(secret in line for secret in told)]


@dataclass(slots=True)
class Surroundings:
    """One connector's surroundings; `runtime` hands them over as the hub does."""

    http: Http = field(default_factory=NoHttp)
    clock: FixedClock = field(default_factory=lambda: FixedClock(KIT_NOW))
    state: KeptState = field(default_factory=KeptState)
    log: ReadLog = field(default_factory=ReadLog)

    def runtime(self) -> Runtime:
        """The runtime of a new connector; all of them share the log."""
        logger = logging.Logger("faktura.adapter", logging.DEBUG)  # noqa: LOG001 - a log of its own
        logger.addHandler(self.log)
        return Runtime(self.clock, logger, self.state, self.http)
