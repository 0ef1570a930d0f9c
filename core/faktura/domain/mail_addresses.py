"""E-mail addresses as servers take them: checked letter by letter, domains in punycode (F125, F127)."""

import re

from faktura.kernel.errors import FieldInvalid, shortened

_LONGEST, _LONGEST_LOCAL, _LONGEST_LABEL = 254, 64, 63
_LONGEST_NAME = 100
# RFC 5322 atext and dots between: quoted parts and comments are legal, but no living address has any.
_LOCAL_SIGN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?", re.ASCII)
_ENDING = re.compile(r"[A-Za-z]{2,}|xn--[A-Za-z0-9-]+", re.ASCII | re.IGNORECASE)
# IDNA of 2003 and of 2008 read these differently: the mail could go to somebody else's domain.
_AMBIGUOUS = re.compile("[ßẞς\u200c\u200d]")


def checked_address(text: str, *, field: str) -> str:
    """The address with its domain in punycode, as it is handed to servers.

    Raises FieldInvalid with the column of the sign that cannot stand there (RFC 5321 4.5.3.1), as
    the place in `field`, or alone where that is empty.
    """
    local, at, domain = text.rpartition("@")
    if not at:
        raise _refused(text, len(text), "there is no @", field)
    _check_local(text, local, field)
    wire = ".".join(_labels(text, domain, len(local) + 2, field))
    address = f"{local}@{wire}"
    if len(address) > _LONGEST:
        raise _refused(text, _LONGEST, f"more than {_LONGEST} characters", field)
    return address


def checked_name(text: str, *, field: str) -> str:
    """The name beside an address; raises FieldInvalid for one with control signs, or over 100 long.

    A line break in it would begin a header of its own (RFC 5322).
    """
    for column, sign in enumerate(text, 1):
        if not sign.isprintable():
            raise _no_name(f"U+{ord(sign):04X} cannot stand in a name", column, field)
    if len(text) > _LONGEST_NAME:
        problem = f"a name has at most {_LONGEST_NAME} characters"
        raise _no_name(problem, _LONGEST_NAME, field)
    return text.strip()


def domain_of(address: str) -> str:
    """What stands behind the @ of a checked address."""
    return address.rpartition("@")[2]


def _check_local(text: str, local: str, field: str) -> None:
    if not local:
        raise _refused(text, 1, "nothing stands before the @", field)
    for column, sign in enumerate(local, 1):
        if not _LOCAL_SIGN.fullmatch(sign):
            said = f"“{sign}”" if sign.isprintable() else f"U+{ord(sign):04X}"
            raise _refused(text, column, f"{said} cannot stand before the @", field)
        if sign == "." and (column in (1, len(local)) or local[column] == "."):
            raise _refused(text, column, "a dot stands between two other signs", field)
    if len(local) > _LONGEST_LOCAL:
        problem = f"more than {_LONGEST_LOCAL} characters before the @"
        raise _refused(text, _LONGEST_LOCAL + 1, problem, field)


def _labels(text: str, domain: str, column: int, field: str) -> list[str]:
    labels = []
    for part in domain.split("."):
        labels.append(_label(text, part, column, field))
        column += len(part) + 1
    if len(labels) < 2:
        raise _refused(text, len(text), "the domain has no dot", field)
    if not _ENDING.fullmatch(labels[-1]):
        start = len(text) - len(domain.rpartition(".")[2]) + 1
        raise _refused(text, start, f"no domain ends in “{shortened(labels[-1])}”", field)
    return labels


def _label(text: str, part: str, column: int, field: str) -> str:
    found = _AMBIGUOUS.search(part)
    if found is not None:
        said = f"“{found[0]}”" if found[0].isprintable() else f"U+{ord(found[0]):04X}"
        raise _refused(
            text,
            column + found.start(),
            f"{said} is written in two ways by mail servers",
            field,
            mend="Write the domain as its registrar does, beginning with xn--",
        )
    wire = part if part.isascii() else _punycode(part)
    if not wire or not _LABEL.fullmatch(wire) or len(wire) > _LONGEST_LABEL:
        raise _refused(text, column, f"“{shortened(part)}” cannot be part of a domain", field)
    return wire.lower()


def _punycode(part: str) -> str:
    try:
        return part.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def _no_name(problem: str, column: int, field: str) -> FieldInvalid:
    return FieldInvalid(problem, place=f"{field}, column {column}", mend="Write it in one line")


def _refused(text: str, column: int, problem: str, field: str, *, mend: str = "") -> FieldInvalid:
    return FieldInvalid(
        f"“{shortened(text)}” is no e-mail address: {problem}",
        place=f"{field}, column {column}" if field else f"column {column}",
        mend=mend or "Write one like name@example.com",
    )
