"""The process in which a tenant's own template is typeset: `python -m faktura_zugferd.sandbox`.

A template is a program of somebody else. It has no environment, no network, no files but the layout
in an empty folder, and bounds for memory and time; what it leaves behind ends with the process.
Messages on the pipes: four bytes of length (big-endian), then JSON; the answer to a page is a JSON
head, then the PDF.
"""

import json
import re
import resource
import sys
from base64 import b64decode
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING, Final

from faktura.kernel.errors import FakturaError, RenderRefused
from faktura_zugferd.look import Look

if TYPE_CHECKING:
    from faktura_zugferd.pages import Setter

MEMORY: Final = 3 * 1024**3
"""Address space; typst's threads reserve much more than they use."""
CPU_SECONDS: Final = 60
MOST_PDF_BYTES: Final = 30 * 1024 * 1024

_HEAD: Final = 4
_PACKAGE: Final = "download package"
_MAIN_LINE: Final = re.compile(r"page\.typ:([0-9]+)")


def write_frame(stream: IO[bytes], content: bytes) -> None:
    """Send a message at once; raises OSError when nobody listens any more."""
    stream.write(len(content).to_bytes(_HEAD, "big"))
    stream.write(content)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next message, None when the stream ended, also in the middle of one."""
    head = stream.read(_HEAD)
    if len(head) < _HEAD:
        return None
    length = int.from_bytes(head, "big")
    content = stream.read(length)
    return content if len(content) == length else None


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Take a look, then answer pages until the requests end."""
    look = read_frame(requests)
    if look is None:
        return
    from faktura_zugferd.typesetting import Typesetter

    setter = Typesetter(_look(json.loads(look)))
    while (request := read_frame(requests)) is not None:
        bound_cpu()
        head, pdf = answer(setter, json.loads(request))
        write_frame(answers, json.dumps(head).encode())
        write_frame(answers, pdf)


def answer(setter: "Setter", request: Mapping[str, object]) -> tuple[dict[str, str], bytes]:
    """The head and the PDF; the head tells `problem`, `place` and `mend` where there is none."""
    from faktura_zugferd.typesetting import TextFile

    data, files = request["data"], request["files"]
    if not isinstance(data, dict) or not isinstance(files, list):
        raise TypeError("a request has data and files")
    try:
        attachments = [TextFile(**file) for file in files]
        pdf = setter.pdf(str(request["kind"]), data, attachments)
    except FakturaError as refused:
        return _told(refused), b""
    if len(pdf) > MOST_PDF_BYTES:
        much = f"the page has more than {MOST_PDF_BYTES // 1024 // 1024} MB"
        return _told(RenderRefused(much, place="template", mend="Make its images smaller")), b""
    return {}, pdf


def _told(refused: FakturaError) -> dict[str, str]:
    """The error with the line of the template, which typst draws into its diagnostic."""
    cause = getattr(refused.__cause__, "diagnostic", "")
    line = _MAIN_LINE.search(str(cause))
    place = f"template, line {line.group(1)}" if line else f"template, {refused.place}"
    if _PACKAGE in refused.problem:
        problem = "the template imports a package from the network"
        return {"problem": problem, "place": place, "mend": "Copy what it needs into the template"}
    return {"problem": refused.problem, "place": place, "mend": refused.mend}


def _look(fields: dict[str, object]) -> Look:
    logo = fields.pop("logo")
    columns = fields.pop("footer_columns")
    return Look(
        logo=b64decode(str(logo)) if logo else None,
        footer_columns=tuple(map(str, columns)) if isinstance(columns, list) else (),
        **fields,  # type: ignore[arg-type] # written by own_template from a Look
    )


def bound() -> None:
    """Bounds of the whole process: memory, and no core file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def bound_cpu() -> None:
    """CPU time for one more page; the kernel ends the process that takes more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))


if __name__ == "__main__":
    bound()
    serve(sys.stdin.buffer, sys.stdout.buffer)
