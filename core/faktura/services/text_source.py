"""A text's source, read into a tree in which every node knows where it stands (P49)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import category

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.lexer import TokenStream
from jinja2.parser import Parser

from faktura.kernel.errors import shortened
from faktura.kernel.template_errors import TemplateRefused

# A whole number of more digits is nothing that a mail says; Python would not even read very long ones.
_LONGEST_NUMBER = 9
_MOST_BRACKETS = 20
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_UNWRITABLE = frozenset({"Cc", "Cs"})
# Not characters, or such that make a text read other than it is.
_DECEIVING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\uffff")
_BREAKS = frozenset("\n\t")
# What the library says of a text that ends too early, at length.
_UNCLOSED = re.compile(r"needs to be closed is '(\w+)'", re.ASCII)
_ENDS = {"{{": "}}", "{%": "%}", "{#": "#}"}
Token = tuple[int, str, str]
"""Its offset in the source, its kind, and its text."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text with `\\n` line ends; `field` is what errors call it."""

    text: str
    field: str

    def refusal(self, offset: int, problem: str, mend: str) -> TemplateRefused:
        """The error for what stands at `offset`, with line and column, both counted from 1."""
        before = self.text[:offset]
        line = before.count("\n") + 1
        column = offset - (before.rfind("\n") + 1) + 1
        where = f"line {line}, column {column}"
        return TemplateRefused(f"{where}: {problem}", place=self.field, mend=mend)


def source_of(text: str, field: str, longest: int) -> Source:
    """The source of a text of at most `longest` characters; raises TemplateRefused."""
    source = Source(text.replace("\r\n", "\n").replace("\r", "\n"), field)
    if len(source.text) > longest:
        raise source.refusal(
            longest, f"the text has {len(source.text):,} characters", f"At most {longest:,}"
        )
    for offset, sign in enumerate(source.text):
        if is_unwritable(sign):
            raise source.refusal(
                offset, f"the character U+{ord(sign):04X} cannot be written", "Remove it"
            )
    return source


def is_unwritable(sign: str) -> bool:
    """Whether a character would steer a mail or a screen instead of being read; breaks and tabs do not."""
    return sign not in _BREAKS and (category(sign) in _UNWRITABLE or sign in _DECEIVING)


def parsed_tree(environment: Environment, source: Source) -> nodes.Template:
    """The source's tree; `lineno` of its nodes is the offset in the source.

    Raises TemplateRefused for what is no template.
    """
    located = _located(environment, source)
    parser = Parser(environment, "")
    try:
        # The library knows lines alone: it is given offsets in their place, and so gives them back.
        parser.stream = TokenStream(environment.lexer.wrap(iter(located)), None, None)
        return parser.parse()
    except TemplateSyntaxError as error:
        raise _unreadable(source, located, error.lineno, error.message) from None
    except RecursionError:
        raise source.refusal(0, "the text is nested too deeply", "Write it flatter") from None


def _located(environment: Environment, source: Source) -> list[Token]:
    """The source's tokens, each with its offset; raises TemplateRefused for what is none."""
    found: list[Token] = []
    end = open_now = 0
    try:
        for kind, value in _tokens(environment, source):
            # Only blanks lie between two tokens, where a tag swallows them.
            start = source.text.index(value, end)
            end = start + len(value)
            if kind == "float" or (kind == "integer" and len(value) > _LONGEST_NUMBER):
                raise source.refusal(
                    start,
                    f"the number {shortened(value)} cannot be used",
                    f"Write a whole number of at most {_LONGEST_NUMBER} digits",
                )
            open_now += (value in _OPENING) - (value in _CLOSING) if kind == "operator" else 0
            if open_now > _MOST_BRACKETS:
                raise source.refusal(start, "brackets are nested too deeply", "Write it flatter")
            found.append((start, kind, value))
    except TemplateSyntaxError as error:
        raise _unreadable(source, found, end, error.message) from None
    return found


def _tokens(environment: Environment, source: Source) -> Iterator[tuple[str, str]]:
    for _, kind, value in environment.lexer.tokeniter(source.text, None):
        yield kind, value


def _unreadable(
    source: Source, tokens: Iterable[Token], offset: int, message: str | None
) -> TemplateRefused:
    """The error at what is not closed, which may stand far above `offset`, where the reading ended."""
    before = [token for token in tokens if token[0] <= offset]
    unclosed = _UNCLOSED.search(message or "")
    opening = _open_sign(source, before)
    if unclosed:
        offset, said = _open_tag(before, unclosed[1]), f"{{% {unclosed[1]} %}} is not closed"
    elif opening is not None:
        offset = opening
        said = f"this {source.text[offset : offset + 2]} is not closed"
    else:
        said = (message or "something is missing").rstrip(".")
    return source.refusal(
        offset,
        f"the scripting cannot be read: {shortened(said)}",
        "Close each {{ with }} and each {% if %} with {% endif %}; a brace alone is written {{ '{{' }}",
    )


def _open_sign(source: Source, tokens: Iterable[Token]) -> int | None:
    """Where the sign stands that the last of the tokens lie behind, if its end is missing."""
    start: int | None = None
    for offset, kind, _ in tokens:
        if kind.endswith("_begin"):
            start = offset
        elif kind.endswith("_end"):
            start = None
    if start is None:
        return None
    # Behind an open sign words are read as scripting, and break it in a way of their own: the end is
    # looked for in the text, before the next sign.
    end = _ENDS[source.text[start : start + 2]]
    found = re.search("|".join(map(re.escape, (*_ENDS, end))), source.text[start + 2 :])
    return None if found and found[0] == end else start


def _open_tag(tokens: Iterable[Token], word: str) -> int:
    """Where the innermost tag of that word begins that no end belongs to."""
    told = [token for token in tokens if token[1] != "whitespace"]
    open_now: list[int] = []
    for (offset, kind, _), (_, _, name) in pairwise(told):
        if kind == "block_begin" and name == word:
            open_now.append(offset)
        elif kind == "block_begin" and name == f"end{word}":
            open_now.pop()
    return open_now[-1]
