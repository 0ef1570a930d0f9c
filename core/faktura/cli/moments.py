"""Moments as people read them: in the tenant's time, to the minute."""

from datetime import datetime


def local_minute(moment: datetime, time_zone: str) -> str:
    """`2026-11-22 03:59` in that time zone; raises as `zone`."""
    from faktura.kernel.clock import zone

    return f"{moment.astimezone(zone(time_zone)):%Y-%m-%d %H:%M}"
