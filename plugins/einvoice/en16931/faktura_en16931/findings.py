"""Short ways to write a Finding; the rule's own name comes first."""

from faktura.plugin import Finding, Severity


def error(rule: str, term: str, message: str, mend: str) -> Finding:
    """A finding that forbids the document; `mend` is the field a person should fill."""
    return Finding(rule=rule, term=term, message=message, mend=mend)


def warning(rule: str, term: str, message: str, mend: str) -> Finding:
    """A finding that only deserves a look."""
    return Finding(severity=Severity.WARNING, rule=rule, term=term, message=message, mend=mend)
