"""Where in HTML a text's values stand: only where escaping makes them harmless (P49).

The tags are the author's own; a value stands between tags, in the words of a few attributes, or, if
it is a link that we made, in `href`. Scripts and what loads or sends by itself is refused.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from html import unescape

from jinja2 import nodes

from faktura.kernel.errors import shortened
from faktura.services.text_checks import Check, Scope
from faktura.services.text_filters import names
from faktura.services.text_shapes import Kind
from faktura.services.text_source import Source

_REFUSED_TAGS = frozenset({
    "applet", "audio", "base", "button", "embed", "form", "frame", "frameset", "iframe", "input", "link",
    "math", "noembed", "noframes", "noscript", "object", "plaintext", "script", "select", "svg", "template",
    "textarea", "title", "video", "xmp",
})  # fmt: skip
_WORDS = frozenset({"alt", "title", "aria-label", "lang"})
_URLS = frozenset({"href", "src", "background", "cite", "longdesc"})
_REFUSED_ATTRIBUTES = frozenset({"formaction", "http-equiv", "ping", "srcdoc", "srcset"})
_SAFE_URL = re.compile(r"(https?|mailto|tel|cid):|#|data:image/(png|jpeg|gif);", re.IGNORECASE)
# HTML knows ASCII blanks alone: behind another one a quote opens nothing, and values would be tags.
# Programs that show mails do not agree on other characters in names either.
_TAG_NAME = re.compile(r"/?[a-zA-Z][a-zA-Z0-9:_.-]*")
_ATTRIBUTE = re.compile(r"[a-zA-Z0-9:_.@-]+")
_BLANKS = re.compile(r"[\s/]+", re.ASCII)
_IS = re.compile(r"\s*=\s*(?=[\"'])", re.ASCII)
_SPACES = re.compile(r"[\x00-\x20]+")


class _In(Enum):
    WORDS = auto()
    TAG = auto()
    VALUE = auto()
    STYLE = auto()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in HTML a scan stands; `so_far` is the part of an attribute's value that was read."""

    where: _In = _In.WORDS
    tag: str = ""
    attribute: str = ""
    quote: str = ""
    so_far: str = ""
    # Where the value or the `<` that is not closed yet began, for errors.
    since: int = 0


@dataclass(frozen=True, slots=True)
class MarkupCheck:
    """Looks through the tree of an HTML text that has passed `check` already."""

    source: Source
    check: Check

    def whole(self, tree: nodes.Template, scope: Scope) -> None:
        """Check the whole text; raises TemplateRefused."""
        end = self._body(tree.body, scope, _Place())
        if end.where is not _In.WORDS:
            raise self.source.refusal(end.since, "this is never closed", "Close the tag")

    def _body(self, statements: Sequence[nodes.Node], scope: Scope, place: _Place) -> _Place:
        for statement in statements:
            match statement:
                case nodes.Output():
                    for part in _joined(statement.nodes):
                        place = self._part(part, scope, place)
                case nodes.If():
                    for body in (statement.body, *(one.body for one in statement.elif_)):
                        self._block(statement, body, scope, place)
                    self._block(statement, statement.else_, scope, place)
                case nodes.For():
                    inner = self.check.in_loop(statement, scope)
                    self._block(statement, statement.body, inner, place)
                    self._block(statement, statement.else_, scope, place)
        return place

    def _block(
        self, at: nodes.Node, body: Sequence[nodes.Node], scope: Scope, place: _Place
    ) -> None:
        # So what is between tags is there whichever way the text takes.
        if place.where is not _In.WORDS or self._body(body, scope, place).where is not _In.WORDS:
            raise self.source.refusal(
                at.lineno, "a tag is begun but not closed here", "Keep {% … %} outside of tags"
            )

    def _part(self, part: nodes.Expr, scope: Scope, place: _Place) -> _Place:
        if isinstance(part, nodes.TemplateData):
            return self._data(part.data, part.lineno, place)
        kind = self.check.printed(part, scope)
        if place.where is _In.WORDS:
            return place
        if place.where is _In.VALUE:
            if place.attribute in _WORDS or place.attribute.startswith("data-"):
                return replace(place, so_far=f"{place.so_far}?")
            if place.attribute == "href" and kind is Kind.LINK and not place.so_far:
                return replace(place, so_far="https:")
        raise self.source.refusal(
            part.lineno,
            "a value cannot stand in a tag here",
            f"Put it between tags, into {names(sorted(_WORDS))}, or a link into href as its beginning",
        )

    def _data(self, data: str, offset: int, place: _Place) -> _Place:
        at = 0
        while at < len(data):
            match place.where:
                case _In.WORDS:
                    at, place = self._words(data, at, offset)
                case _In.TAG:
                    at, place = self._tag(data, at, offset, place)
                case _In.VALUE:
                    at, place = self._value(data, at, offset, place)
                case _In.STYLE:
                    at, place = self._style(data, at, offset, place)
        return place

    def _words(self, data: str, at: int, offset: int) -> tuple[int, _Place]:
        begin = data.find("<", at)
        if begin < 0:
            return len(data), _Place()
        since = offset + begin
        if data[begin + 1 : begin + 9].lower() == "!doctype":
            return begin + 9, _Place(_In.TAG, "!doctype", since=since)
        named = _TAG_NAME.match(data, begin + 1)
        if named is None:
            # Where a comment ends, programs that show mails do not agree.
            raise self.source.refusal(
                since, "“<” begins no tag here", "Write &lt;, and comments as {# … #}"
            )
        tag = named[0].lower()
        if tag.removeprefix("/") in _REFUSED_TAGS:
            raise self.source.refusal(since, f"mails have no <{shortened(tag)}>", "Leave it out")
        return named.end(), _Place(_In.TAG, tag, since=since)

    def _tag(self, data: str, at: int, offset: int, place: _Place) -> tuple[int, _Place]:
        if data[at] == ">":
            where = _In.STYLE if place.tag == "style" else _In.WORDS
            return at + 1, _Place(where, since=place.since)
        blanks = _BLANKS.match(data, at)
        if blanks is not None:
            return blanks.end(), place
        named = _ATTRIBUTE.match(data, at)
        if named is None:
            raise self.source.refusal(
                offset + at, "this cannot stand in a tag", 'Write attributes as name="value"'
            )
        name = named[0].lower()
        if name.startswith("on") or name in _REFUSED_ATTRIBUTES:
            raise self.source.refusal(
                offset + at, f"mails have no {shortened(name)}", "Leave it out"
            )
        value = _IS.match(data, named.end())
        if value is None:
            self._check_bare(data, named.end(), offset)
            return named.end(), place
        quote = data[value.end()]
        since = offset + value.end()
        return value.end() + 1, _Place(_In.VALUE, place.tag, name, quote, since=since)

    def _check_bare(self, data: str, at: int, offset: int) -> None:
        if data[at:].lstrip(" \t\n\f\r").startswith("="):
            raise self.source.refusal(
                offset + at, "a value without quotes", 'Write attributes as name="value"'
            )

    def _style(self, data: str, at: int, offset: int, place: _Place) -> tuple[int, _Place]:
        begin = data.find("<", at)
        if begin < 0:
            return len(data), place
        if data[begin : begin + 8].lower() != "</style>":
            raise self.source.refusal(
                offset + begin, "“<” stands in a style", "End the style with </style>"
            )
        return begin + 8, _Place()

    def _value(self, data: str, at: int, offset: int, place: _Place) -> tuple[int, _Place]:
        end = data.find(place.quote, at)
        so_far = place.so_far + data[at : end if end >= 0 else len(data)]
        if end < 0:
            return len(data), replace(place, so_far=so_far)
        self._check_url(so_far, offset + at, place)

        return end + 1, _Place(_In.TAG, place.tag, since=place.since)

    def _check_url(self, value: str, offset: int, place: _Place) -> None:
        plain = _SPACES.sub("", unescape(value))
        if place.attribute in _URLS and plain and not _SAFE_URL.match(plain):
            raise self.source.refusal(
                offset,
                f"“{shortened(plain)}” is no address for a mail",
                "Write one that begins with https:, mailto: or tel:",
            )


def _joined(parts: Sequence[nodes.Expr]) -> list[nodes.Expr]:
    """The parts of an output; what only a comment of ours parts is one piece, as a reader gets it."""
    found: list[nodes.Expr] = []
    for part in parts:
        last = found[-1] if found else None
        if isinstance(part, nodes.TemplateData) and isinstance(last, nodes.TemplateData):
            found[-1] = nodes.TemplateData(last.data + part.data, lineno=last.lineno)
        else:
            found.append(part)
    return found
