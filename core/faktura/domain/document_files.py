"""The files of documents that are handed out: their ids, media types and how their names end."""

from uuid import UUID

from faktura.kernel.ids import id_within

# By media type. A rendering keeps its type, so its name needs no plugin.
FILE_SUFFIXES = {"application/xml": ".xml", "text/xml": ".xml", "application/pdf": ".pdf"}


def rendering_id(document_id: UUID, format_id: str, rule_set: str) -> UUID:
    """The id of a document's rendering in a format by the rules of one version."""
    return id_within(document_id, f"{format_id} {rule_set}")
