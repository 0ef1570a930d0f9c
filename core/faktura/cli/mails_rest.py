"""A mail server that is left alone, in words."""

from typing import TYPE_CHECKING

from faktura.cli.moments import local_minute

if TYPE_CHECKING:
    from faktura.services.mail_rest import ServerRest


def rest_in_words(rest: "ServerRest", time_zone: str) -> str:
    """Why the server could not be used and when it is asked again, by the clock of that time zone."""
    times = "once" if rest.tries == 1 else f"{rest.tries} times in a row"
    because = f": {rest.reason}" if rest.reason else ""
    again = local_minute(rest.until, time_zone)
    return f"It could not be used {times}{because}. It is asked again from {again} on; mails wait."
