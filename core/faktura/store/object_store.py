"""Content in an S3-compatible object store, as `<prefix><tenant>/<2 hex>/<2 hex>/<64 hex>` in one bucket.

What the other side says is never believed: bytes are proved by their SHA-256 before one is handed out.
The library comes with the extra `faktura[s3]` and is imported when the store is first used.
"""

import base64
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from importlib import import_module
from io import BytesIO
from typing import Any, BinaryIO, Protocol
from urllib.parse import SplitResult, parse_qsl, urlsplit

from faktura.kernel.errors import (
    FakturaError,
    FieldInvalid,
    FileUnreadable,
    IntegrityBroken,
    Misconfigured,
)
from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.store.blobs import changed, digest_of, missing

_PLACE = "FAKTURA_BLOB_S3"
_PIECE = 1024 * 1024
_NUMBER = re.compile(r"[1-9][0-9]*|0", re.ASCII)
_NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/([0-9a-f]{64})", re.ASCII)
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)
_ABSENT = frozenset({"NoSuchKey", "404"})
_TRIES = 4


@dataclass(frozen=True, slots=True)
class ObjectPlace:
    """A bucket, and where in it; without an `endpoint` it is AWS's own."""

    bucket: str
    prefix: str = ""
    endpoint: str | None = None
    region: str | None = None


def read_place(text: str, private_hosts: frozenset[str] = frozenset()) -> ObjectPlace:
    """The place behind `s3://BUCKET/PREFIX?endpoint=https://…&region=…`; raises FieldInvalid.

    Only a host of `private_hosts` (name:port) may be spoken to without TLS.
    """
    parts = _split(text)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = given.keys() - {"endpoint", "region"}
    if parts.scheme != "s3" or not _BUCKET.fullmatch(parts.netloc) or unknown or parts.fragment:
        raise FieldInvalid(
            "this names no bucket",
            place=_PLACE,
            mend="Write s3://bucket/prefix?endpoint=https://host&region=name, without a key",
        )
    endpoint = given.get("endpoint")
    if endpoint is not None:
        host = _split(endpoint)
        if "@" in endpoint or host.query or host.fragment or not host.hostname:
            raise FieldInvalid(
                "its endpoint is no address of a host alone",
                place=_PLACE,
                mend="Write https://host; credentials belong in AWS_ACCESS_KEY_ID and its secret",
            )
        if host.scheme != "https" and not (
            host.scheme == "http" and host.netloc.lower() in private_hosts
        ):
            raise FieldInvalid(
                "its endpoint is not https",
                place=_PLACE,
                mend="Or name it in FAKTURA_PRIVATE_HOSTS",
            )
    prefix = parts.path.strip("/")
    return ObjectPlace(parts.netloc, f"{prefix}/" if prefix else "", endpoint, given.get("region"))


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        raise FieldInvalid("this is no address", place=_PLACE) from None


class _Body(Protocol):
    """The bytes of an answer, as they come."""

    def read(self, amt: int) -> bytes: ...

    def close(self) -> None: ...


class _Pages(Protocol):
    """Lists what is there, page by page."""

    def paginate(self, **wanted: str) -> Iterator[Mapping[str, Any]]: ...


class _Client(Protocol):
    """What we use of the library's client."""

    def put_object(self, **wanted: object) -> Mapping[str, Any]: ...

    def get_object(self, **wanted: str) -> Mapping[str, Any]: ...

    def get_paginator(self, operation: str) -> _Pages: ...


@dataclass(frozen=True)
class ObjectStore:
    """Objects of a bucket, for any number of machines; `seconds` is the longest wait for an answer.

    Who we are the library finds in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or on the machine.
    """

    place: ObjectPlace
    seconds: int = 30
    wait: int = field(default=5, repr=False)

    def put(self, tenant_id: int, content: bytes) -> bytes:
        """Keep the bytes, as `keep` does."""
        return self.keep(tenant_id, BytesIO(content))

    def keep(self, tenant_id: int, source: BinaryIO) -> bytes:
        """Keep the file; it is durable when the store has said yes.

        An answer that was lost is asked for again: the same bytes under the same name change nothing. Raises
        OutsideUnavailable, Misconfigured where we may not write, FileUnreadable when the file changes.
        """
        digest = digest_of(source)
        source.seek(0)
        try:
            self._send(tenant_id, digest, source)
        except OutsideUnavailable:
            _check_same(source, digest)
            raise
        _check_same(source, digest)
        return digest

    def _send(self, tenant_id: int, digest: bytes, source: BinaryIO) -> None:
        with _named_errors():
            self._client.put_object(
                Bucket=self.place.bucket,
                Key=self._key(tenant_id, digest),
                Body=source,
                # The store compares what it got, and refuses what the way there has changed.
                ChecksumSHA256=base64.b64encode(digest).decode(),
            )

    def get(self, tenant_id: int, digest: bytes) -> bytes:
        """The bytes of that SHA-256; raises IntegrityBroken when they are missing or changed."""
        with self.open(tenant_id, digest) as file:
            return file.read()

    @contextmanager
    def open(self, tenant_id: int, digest: bytes) -> Iterator[BinaryIO]:
        """The bytes in a temporary file; raises IntegrityBroken when they are missing or changed."""
        with tempfile.TemporaryFile() as file:
            file.writelines(self._pieces(tenant_id, digest))
            file.seek(0)
            yield file

    def verify(self, tenant_id: int, digest: bytes) -> None:
        """Raise IntegrityBroken unless the object is there and its bytes match."""
        for _ in self._pieces(tenant_id, digest):
            pass

    def listed(self) -> Iterator[tuple[int, bytes]]:
        """Tenant and SHA-256 of every object of ours; what else lies in the bucket is none."""
        own = self.place.prefix
        tenants = sorted(
            int(name)
            for page in self._pages(own, Delimiter="/")
            for found in page.get("CommonPrefixes", ())
            if _NUMBER.fullmatch(name := found["Prefix"].removeprefix(own).rstrip("/"))
        )
        for tenant_id in tenants:
            inside = f"{own}{tenant_id}/"
            for page in self._pages(inside):
                for found in page.get("Contents", ()):
                    name = _NAME.fullmatch(found["Key"].removeprefix(inside))
                    if name is not None:
                        yield tenant_id, bytes.fromhex(name[1])

    def _pages(self, prefix: str, **wanted: str) -> Iterator[Mapping[str, Any]]:
        with _named_errors():
            pages = self._client.get_paginator("list_objects_v2")
            yield from pages.paginate(Bucket=self.place.bucket, Prefix=prefix, **wanted)

    def _pieces(self, tenant_id: int, digest: bytes) -> Iterator[bytes]:
        """The bytes piece by piece; the last one is given only when all of them are proved."""
        hashed, before = sha256(), b""
        with _named_errors(missing(tenant_id, digest)):
            answer = self._client.get_object(
                Bucket=self.place.bucket, Key=self._key(tenant_id, digest)
            )
            body: _Body = answer["Body"]
            try:
                while piece := body.read(_PIECE):
                    hashed.update(piece)
                    yield before
                    before = piece
            finally:
                body.close()
        if hashed.digest() != digest:
            raise changed(tenant_id, digest)
        yield before

    def _key(self, tenant_id: int, digest: bytes) -> str:
        name = digest.hex()
        return f"{self.place.prefix}{tenant_id}/{name[:2]}/{name[2:4]}/{name}"

    @cached_property
    def _client(self) -> _Client:
        try:
            boto3, config = import_module("boto3"), import_module("botocore.config")
        except ImportError as error:
            raise Misconfigured(
                "the library of the object store is not installed",
                place=_PLACE,
                mend="Install faktura[s3]",
            ) from error
        with _named_errors():
            client: _Client = boto3.session.Session().client(
                "s3",
                endpoint_url=self.place.endpoint,
                region_name=self.place.region,
                config=config.Config(
                    signature_version="s3v4",
                    connect_timeout=self.wait,
                    read_timeout=self.seconds,
                    retries={"total_max_attempts": _TRIES, "mode": "standard"},
                    request_checksum_calculation="when_required",
                    # Answers are proved by us, the same for every maker's store.
                    response_checksum_validation="when_required",
                    s3={"addressing_style": "auto" if self.place.endpoint is None else "path"},
                ),
            )
        return client


def _check_same(source: BinaryIO, digest: bytes) -> None:
    if digest_of(source) != digest:
        raise FileUnreadable("the file was changed while it was read", mend="Try again")


@contextmanager
def _named_errors(absent: IntegrityBroken | None = None) -> Iterator[None]:
    """The library's errors as ours, told by their code alone: its texts may repeat what was signed."""
    errors = import_module("botocore.exceptions") if _is_installed() else None
    try:
        yield
    except FakturaError:
        raise
    except Exception as error:
        if errors is None or not isinstance(
            error, errors.BotoCoreError | errors.ClientError | errors.HTTPClientError
        ):
            raise
        raise _named(error, absent) from None


def _named(error: Exception, absent: IntegrityBroken | None) -> FakturaError:
    answer: Mapping[str, Any] = getattr(error, "response", None) or {}
    code = str(answer.get("Error", {}).get("Code", ""))
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if absent is not None and code in _ABSENT:
        return absent
    if 400 <= status < 500 and code != "BadDigest" and status not in (408, 429):
        return Misconfigured(
            f"the object store refuses us: {code or status}",
            place=_PLACE,
            mend="Check bucket, region and the rights of AWS_ACCESS_KEY_ID",
        )
    if type(error).__name__ in ("NoCredentialsError", "PartialCredentialsError", "NoRegionError"):
        return Misconfigured(
            "who we are to the object store is not said",
            place=_PLACE,
            mend="Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and region= in FAKTURA_BLOB_S3",
        )
    return OutsideUnavailable(
        f"the object store does not answer: {code or type(error).__name__}",
        place=_PLACE,
        mend="Repeat it later",
    )


def _is_installed() -> bool:
    try:
        import_module("botocore.exceptions")
    except ImportError:
        return False
    return True
