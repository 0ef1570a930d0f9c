"""What is wrong with a text that a tenant writes: refused when it is saved, or failed when it is used."""

from faktura.kernel.errors import BadInput, Refused


class TemplateRefused(BadInput):
    """A text's scripting cannot be read, or does what texts may not (P49).

    `place` is the field; the problem begins with line and column, so that every door shows them.
    """

    code = "template_refused"


class TemplateFailed(Refused):
    """A text cannot be filled in: a value is missing or of another kind, or the result is too large."""

    code = "template_failed"
