"""The three messages of the family: what each is called inside, and what it is to the core (2.2)."""

import re
from typing import NamedTuple

from faktura.plugin import StatementKind


class Message(NamedTuple):
    """`root` stands below Document and holds the header, `part` is one account's share of it.

    A message that `has_balances` should say what they were; the others may.
    """

    name: str
    root: str
    part: str
    kind: StatementKind
    has_balances: bool


MESSAGES = (
    Message("camt.052", "BkToCstmrAcctRpt", "Rpt", StatementKind.REPORT, has_balances=False),
    Message("camt.053", "BkToCstmrStmt", "Stmt", StatementKind.STATEMENT, has_balances=True),
    Message(
        "camt.054",
        "BkToCstmrDbtCdtNtfctn",
        "Ntfctn",
        StatementKind.NOTIFICATION,
        has_balances=False,
    ),
)
PARTS = frozenset(message.part for message in MESSAGES)
# Text of UTF-16 has NULs between; recognition takes them out first.
LOOKS_LIKE_IT = re.compile(
    rb"camt\.05[234]\.001\."
    rb"|<(?:[A-Za-z0-9_.-]+:)?(?:BkToCstmrAcctRpt|BkToCstmrStmt|BkToCstmrDbtCdtNtfctn)[\s>]"
)

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(camt\.\d\d\d)\.001\.(\d\d)", re.ASCII)
_BY_NAME = {message.name: message for message in MESSAGES}
_BY_ROOT = {message.root: message for message in MESSAGES}
_VERSIONS = frozenset(f"{number:02}" for number in range(2, 15))


def message_named(namespace: str) -> tuple[Message, str] | None:
    """The message and version of a namespace; None where it is none of ours."""
    match = _NAMESPACE.fullmatch(namespace)
    if match is None or match[1] not in _BY_NAME or match[2] not in _VERSIONS:
        return None
    return _BY_NAME[match[1]], match[2]


def message_with_root(name: str) -> Message | None:
    """The message whose outermost element is called so."""
    return _BY_ROOT.get(name)
