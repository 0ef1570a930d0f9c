"""Writing XRechnung as UBL against replaying the same elements, texts and attributes in lxml."""

from functools import partial

from cii import document_of, small_documents
from figure import Figure
from replay import against_replay

from faktura_en16931.ubl import write_ubl
from faktura_xrechnung.rule_sets import RULE_SETS

_PROFILE = RULE_SETS[-1].profile


def measure() -> list[Figure]:
    """The bare writer at 1 to 3 lines, and at 1,000."""
    return [
        against_replay(
            "ubl_write", [partial(write_ubl, each, _PROFILE) for each in small_documents()], 1.5
        ),
        against_replay(
            "ubl_write_1000_lines", [partial(write_ubl, document_of(1000), _PROFILE)], 1.5, rounds=3
        ),
    ]


if __name__ == "__main__":
    for figure in measure():
        print(figure.line())
