"""Texts with scripting: checked before they are kept, filled in within limits (F128, P49).

A sandbox alone does not stop loops and giant strings, so nothing runs that the check has not passed:
a closed list of nodes, values of known kinds, no calls, no arithmetic. Rounds of loops and the size
of the result are counted, never seconds: a text that fails does so on every machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Never

from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from typing_extensions import override

from faktura.kernel.errors import shortened
from faktura.kernel.template_errors import TemplateFailed
from faktura.services.text_checks import LOOP, Check, Scope
from faktura.services.text_filters import functions, written
from faktura.services.text_markup import MarkupCheck
from faktura.services.text_shapes import Record
from faktura.services.text_source import parsed_tree, source_of
from faktura.services.text_values import values_for

LARGEST = 256 * 1024
_LONGEST = 20_000
_LONGEST_SUBJECT = 500


class Part(Enum):
    """A part of a mail; what a part may hold differs."""

    SUBJECT = "subject"
    PLAIN = "plain"
    HTML = "html"


class Sandbox(ImmutableSandboxedEnvironment):
    """Reaches the values it is given and nothing behind them, even if the check had let it pass."""

    @override
    def getattr(self, obj: object, attribute: str) -> object:
        """A field of a record, or one of the few that a loop has; raises SecurityError."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in LOOP.fields:
            return getattr(obj, attribute)
        raise SecurityError("texts reach into nothing")

    @override
    def getitem(self, obj: object, argument: object) -> Never:
        """Nothing; raises SecurityError."""
        raise SecurityError("texts reach into nothing")

    @override
    def call(
        __self,  # noqa: N805 - the library's own words: a call may name an argument `self`
        __context: Context,
        __obj: object,
        *args: object,
        **kwargs: object,
    ) -> Never:
        """Nothing; raises SecurityError."""
        raise SecurityError("texts call nothing")


@dataclass(frozen=True, slots=True)
class Program:
    """A text that has passed the check, ready to be filled in again and again."""

    template: Template
    part: Part
    field: str
    variables: Record

    def filled(self, values: Mapping[str, object]) -> str:
        """The text with values, which may be as JSON has them; raises TemplateFailed."""
        prepared = values_for(self.variables, values, self.field)
        whole, size = [], 0
        try:
            for piece in self.template.generate(prepared):
                size += len(piece.encode())
                if size > LARGEST:
                    raise self._too_large()
                whole.append(piece)
        except TemplateError as error:
            raise TemplateFailed(
                f"the text cannot be filled in: {shortened(error)}", place=self.field
            ) from None
        text = "".join(whole)
        return _one_line(text) if self.part is Part.SUBJECT else text

    def _too_large(self) -> TemplateFailed:
        return TemplateFailed(
            f"the filled-in text is larger than {LARGEST:,} bytes",
            place=self.field,
            mend="Shorten the text, or its loops",
        )


def check_template(text: str, part: Part, variables: Record, *, field: str) -> None:
    """Raise TemplateRefused, with line and column, for a text that may not be kept."""
    _checked_tree(text, part, variables, field)


@lru_cache(maxsize=512)
def program(text: str, part: Part, variables: Record, language: str, field: str) -> Program:
    """The text as a program that writes as the language does; raises TemplateRefused.

    What was kept by an older version is checked again: only what passes here ever runs.
    """
    environment = _environment(language, html=part is Part.HTML)
    code = environment.compile(_checked_tree(text, part, variables, field))
    return Program(Template.from_code(environment, code, {}), part, field, variables)


def _checked_tree(text: str, part: Part, variables: Record, field: str) -> nodes.Template:
    subject, html = part is Part.SUBJECT, part is Part.HTML
    source = source_of(text, field, _LONGEST_SUBJECT if subject else _LONGEST)
    if subject and "\n" in source.text:
        raise source.refusal(
            source.text.index("\n"), "a subject is one line", "Write it without line breaks"
        )
    # How a tree is read does not depend on the language.
    tree = parsed_tree(_environment("en", html=html), source)
    check, scope = Check(source), Scope(variables.fields)
    check.body(tree.body, scope)
    if html:
        MarkupCheck(source, check).whole(tree, scope)
    return tree


def _one_line(text: str) -> str:
    # A header has no place for what is not seen, such as a soft hyphen: the mail would not go out.
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())


@lru_cache(maxsize=32)
def _environment(language: str, *, html: bool) -> Sandbox:
    environment = Sandbox(
        autoescape=html,
        undefined=StrictUndefined,
        finalize=lambda value: written(value, language),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # What there is beside the values is a closed list; the library's own would be a way out.
    environment.globals.clear()
    environment.tests.clear()
    environment.filters.clear()
    environment.filters.update(functions(language, html=html))
    return environment
