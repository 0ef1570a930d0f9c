"""ETags: the hash of what is answered, so that nobody overwrites a state they have not seen."""

from hashlib import sha256

from pydantic import BaseModel

from faktura.kernel.request_errors import PreconditionFailed

_ANY = "*"


def encoded(answer: BaseModel) -> bytes:
    """The answer as JSON; the same state always gives the same bytes."""
    return answer.model_dump_json(by_alias=True).encode()


def entity_tag(body: bytes) -> str:
    """The strong ETag of an answer, in its quotes (RFC 9110 section 8.8.3)."""
    return f'"{sha256(body).hexdigest()[:32]}"'


def check_match(wanted: str | None, present: BaseModel) -> None:
    """Raise PreconditionFailed unless `wanted`, an If-Match header, names the present state."""
    if wanted is not None and not matches(wanted, entity_tag(encoded(present))):
        raise PreconditionFailed(
            "the object was changed since it was read",
            place="If-Match",
            mend="Read it again, then repeat the change with its ETag",
        )


def matches(header: str, tag: str) -> bool:
    """Whether a list of ETags, or `*`, names the tag; a weak one never matches strongly."""
    return header.strip() == _ANY or tag in (named.strip() for named in header.split(","))
