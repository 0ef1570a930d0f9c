"""The only XML parser of this plugin: it resolves, fetches and keeps nothing it need not (2.7)."""

from collections.abc import Sequence
from typing import Literal

from lxml import etree


def pull_parser(
    encoding: str, *, events: Sequence[Literal["start", "end"]], tag: str | Sequence[str]
) -> etree.XMLPullParser:
    """A parser without entities, DTD, network and huge nodes, for bytes in `encoding`.

    Comments and processing instructions are dropped, so that they cannot split an amount.
    """
    return etree.XMLPullParser(
        events=events,
        tag=tag,
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
