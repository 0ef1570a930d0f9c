"""Who acts at this terminal, for the records that books keep of changes."""

from getpass import getuser


def operator() -> str:
    """The name of the machine's user; `terminal` where the machine knows none."""
    try:
        return getuser()
    except (KeyError, OSError):
        return "terminal"
