"""What a process counts of itself, for Prometheus: requests, jobs, and when its loop last went round."""

import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Histogram

# From what a page may take to what a chunk of a billing run may.
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
# A worker that was not round its loop for so long hangs.
_ALIVE_SECONDS = 120


class Instruments:
    """One process's counters; `monotonic` gives seconds that never go back."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        self._monotonic = monotonic
        self._last_round: float | None = None
        self._requests = Counter(
            "faktura_http_requests",
            "Answered requests by door, method and status.",
            ("door", "method", "status"),
            registry=self.registry,
        )
        self._request_seconds = Histogram(
            "faktura_http_request_seconds",
            "Time to the answer by door.",
            ("door",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._jobs = Counter(
            "faktura_jobs",
            "Jobs that this worker ended, by name and outcome.",
            ("name", "outcome"),
            registry=self.registry,
        )
        self._job_seconds = Histogram(
            "faktura_job_seconds",
            "How long jobs took, by name.",
            ("name",),
            buckets=_SECONDS,
            registry=self.registry,
        )

    def answered(self, door: str, method: str, status: int, seconds: float) -> None:
        """Count an answered request; `door` is one of few words, never a path."""
        self._requests.labels(door, method, status).inc()
        self._request_seconds.labels(door).observe(seconds)

    def job_ended(self, name: str, outcome: str, seconds: float) -> None:
        """Count a job that ended, `outcome` is a word."""
        self._jobs.labels(name, outcome).inc()
        self._job_seconds.labels(name).observe(seconds)

    def went_round(self) -> None:
        """Note that the worker's loop went round."""
        self._last_round = self._monotonic()

    @property
    def is_alive(self) -> bool:
        """False where a loop once went round and has not for two minutes."""
        return self._last_round is None or self._monotonic() - self._last_round < _ALIVE_SECONDS
