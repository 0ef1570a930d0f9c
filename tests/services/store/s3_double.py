"""An object store on loopback that verifies signatures, and can be told to fail in every way."""

import base64
import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

from typing_extensions import override

KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY"


@dataclass
class Store:
    """What it holds by path, what it was asked, and the faults of the next requests, in this order."""

    objects: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    refused: int = 0
    base: str = ""


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    store: Store

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""

    def do_PUT(self) -> None:
        """Keep an object, if it is what its checksum says."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fault = self._begin(body)
        if fault is None:
            return
        if fault == "bitflip":
            body = bytes([body[0] ^ 1]) + body[1:]
        given = self.headers["x-amz-checksum-sha256"]
        if base64.b64encode(hashlib.sha256(body).digest()).decode() != given:
            self._error(400, "BadDigest")
            return
        self.store.objects[unquote(urlsplit(self.path).path)] = body
        if fault == "lost":
            self.connection.close()
            return
        self._answer(200, b"")

    def do_GET(self) -> None:
        """Give an object, or list them."""
        fault = self._begin(b"")
        if fault is None:
            return
        parts = urlsplit(self.path)
        if "list-type=2" in parts.query:
            self._answer(200, _listing(self.store, parts.path, dict(parse_qsl(parts.query))))
            return
        body = self.store.objects.get(unquote(parts.path))
        if body is None:
            self._error(404, "NoSuchKey")
        elif fault == "wrong":
            self._answer(200, body[:-1] + b"!")
        elif fault == "cut":
            self._head(200, len(body))
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.close_connection = True
        else:
            self._answer(200, body)

    def _begin(self, body: bytes) -> str | None:
        """The fault of this request, "" where there is none; None once it is answered."""
        self.store.asked.append(f"{self.command} {self.path}")
        if not self._is_signed(body):
            self.store.refused += 1
            self._error(403, "SignatureDoesNotMatch")
            return None
        fault = self.store.faults.pop(0) if self.store.faults else ""
        if fault == "503":
            self._error(503, "SlowDown")
            return None
        if fault == "403":
            self._error(403, "AccessDenied")
            return None
        if fault == "silent":
            threading.Event().wait(1.5)
            self.close_connection = True
            return None
        return fault

    def _is_signed(self, body: bytes) -> bool:
        """AWS Signature Version 4 over what came, worked out here from its description."""
        scheme, _, rest = self.headers.get("Authorization", "").partition(" ")
        given = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
        if scheme != "AWS4-HMAC-SHA256":
            return False
        identity, day, region, service, end = given["Credential"].split("/")
        content = self.headers["x-amz-content-sha256"]
        if identity != KEY or content != hashlib.sha256(body).hexdigest():
            return False
        parts = urlsplit(self.path)
        query = "&".join(
            f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}"
            for name, value in sorted(parse_qsl(parts.query, keep_blank_values=True))
        )
        names = given["SignedHeaders"].split(";")
        headers = "".join(f"{name}:{(self.headers[name] or '').strip()}\n" for name in names)
        asked = [self.command, parts.path, query, headers, ";".join(names), content]
        hashed = hashlib.sha256("\n".join(asked).encode()).hexdigest()
        scope = f"{day}/{region}/{service}/{end}"
        text = "\n".join([scheme, self.headers["x-amz-date"], scope, hashed])
        key = f"AWS4{SECRET}".encode()
        for step in (day, region, service, end):
            key = hmac.digest(key, step.encode(), "sha256")
        return hmac.compare_digest(
            hmac.digest(key, text.encode(), "sha256").hex(), given["Signature"]
        )

    def _error(self, status: int, code: str) -> None:
        text = f"<Error><Code>{code}</Code><Message>{SECRET}</Message></Error>"
        self._answer(status, text.encode())

    def _answer(self, status: int, body: bytes) -> None:
        self._head(status, len(body))
        self.wfile.write(body)

    def _head(self, status: int, length: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        self.send_header("Content-Type", "application/xml")
        self.end_headers()


def _listing(store: Store, path: str, query: dict[str, str]) -> bytes:
    """Two of what is there a page, by the order of their bytes."""
    bucket = path.rstrip("/")
    prefix = query.get("prefix", "")
    names = sorted(name.removeprefix(f"{bucket}/") for name in store.objects)
    names = [name for name in names if name.startswith(prefix)]
    if query.get("delimiter"):
        found = sorted({prefix + name.removeprefix(prefix).split("/")[0] + "/" for name in names})
        tag = "<CommonPrefixes><Prefix>{}</Prefix></CommonPrefixes>"
    else:
        found, tag = names, "<Contents><Key>{}</Key><Size>1</Size></Contents>"
    first = int(query.get("continuation-token", "0"))
    rest = found[first : first + 2]
    more = first + 2 < len(found)
    token = f"<NextContinuationToken>{first + 2}</NextContinuationToken>" if more else ""
    return (
        "<ListBucketResult><EncodingType>url</EncodingType>"
        f"<IsTruncated>{str(more).lower()}</IsTruncated>{token}"
        + "".join(tag.format(escape(quote(name))) for name in rest)
        + "</ListBucketResult>"
    ).encode()


@contextmanager
def object_store() -> Iterator[Store]:
    """One that listens."""
    store = Store()
    handler = type("Handler", (_Handler,), {"store": store})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    store.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield store
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
