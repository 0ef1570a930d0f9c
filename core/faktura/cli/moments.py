"""Moments as people read and write them: in the tenant's time, to the minute."""

from datetime import datetime

import click

MOMENT = "YYYY-MM-DD[THH:MM]"


def local_minute(moment: datetime, time_zone: str) -> str:
    """`2026-11-22 03:59` in that time zone; raises as `zone`."""
    from faktura.kernel.clock import zone

    return f"{moment.astimezone(zone(time_zone)):%Y-%m-%d %H:%M}"


def given_moment(text: str | None, time_zone: str, option: str) -> datetime | None:
    """A moment by the clock of that time zone, or with an offset of its own; None where none is given.

    Raises click.BadParameter, which names the option.
    """
    from faktura.kernel.clock import zone

    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"“{text}” is no {MOMENT}", param_hint=option) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone(time_zone))
