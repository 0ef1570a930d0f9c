"""The fields of a line: separated by semicolons, text in quotes, quotes doubled inside."""

import re

# Quoted with doubled quotes inside, or anything up to the next semicolon.
_FIELD = re.compile(r'(?:^|;)("(?:[^"]|"")*"(?=;|$)|[^;]*)')


def split(line: str, count: int) -> list[str]:
    """The raw fields of a line that should have `count`; quotes stay on."""
    if line.count(";") == count - 1:  # no semicolon inside a text
        return line.split(";")
    return _FIELD.findall(line)


def unquoted(raw: str) -> str | None:
    """The text inside the quotes, None if the field is not quoted as it should be."""
    if len(raw) < 2 or raw[0] != '"' or raw[-1] != '"':
        return None
    inner = raw[1:-1]
    if '"' not in inner:
        return inner
    return None if '"' in inner.replace('""', "") else inner.replace('""', '"')
