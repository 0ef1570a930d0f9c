"""The texts of dunning levels: plain, with the scripting and the variables of dunning mails (F084, F128)."""

from collections.abc import Mapping

from faktura.kernel.outbox_terms import MailUse
from faktura.services.mail_samples import samples
from faktura.services.mail_variables import LEVEL_VARIABLES
from faktura.services.text_engine import Part, Program, program


def check_level_text(text: str, *, field: str) -> None:
    """Raise TemplateRefused, with line and column, or TemplateFailed for a text that cannot be kept."""
    for language in ("de", "en"):
        _program(text, language, field).filled(samples(MailUse.DUNNING, language))


def render_plain(text: str, variables: Mapping[str, object], language: str) -> str:
    """A level's text filled in with `seller`, `customer` and `notice`, as the language writes.

    Raises TemplateRefused, and TemplateFailed where a value is missing.
    """
    return _program(text, language, "dunning level").filled(variables)


def _program(text: str, language: str, field: str) -> Program:
    return program(text, Part.PLAIN, LEVEL_VARIABLES, language, field)
