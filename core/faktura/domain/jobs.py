"""Names of background tasks; each has one handler in flows/tasks.py (a test says so)."""

from enum import StrEnum, unique


@unique
class JobName(StrEnum):
    """What can be put into the queue."""

    FAN_OUT = "FAN_OUT"
    DELIVER = "DELIVER"
    BILLING_CHUNK = "BILLING_CHUNK"
    RENDER = "RENDER"


@unique
class JobState(StrEnum):
    """Where a job stands; QUARANTINED waits for a person."""

    READY = "READY"
    RUNNING = "RUNNING"
    DONE = "DONE"
    QUARANTINED = "QUARANTINED"
