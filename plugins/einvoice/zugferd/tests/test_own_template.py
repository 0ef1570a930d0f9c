"""A tenant's own template: a program of somebody else, run where it can do no harm."""

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from io import BytesIO

import pytest

from faktura.kernel.errors import FieldInvalid, RenderRefused
from faktura.testing.invoices import sample_invoice
from faktura_zugferd.formats import Pdf, Zugferd
from faktura_zugferd.hybrid_reader import ZugferdReader
from faktura_zugferd.look import Look
from faktura_zugferd.own_template import Sandbox
from faktura_zugferd.page_text import text_of
from faktura_zugferd.sandbox import read_frame, serve, write_frame

_DATA = {"meta": {"day": [2026, 11, 30], "title": "R-1"}}
_SMALL = """#let data = json(bytes(sys.inputs.data))
#for file in json(bytes(sys.inputs.files)) {
  pdf.attach(file.name, bytes(file.text), relationship: file.relationship,
    mime-type: file.media_type, description: file.description)
}
#set text(font: "Source Sans 3")
#set document(date: datetime(year: data.meta.day.at(0), month: data.meta.day.at(1),
  day: data.meta.day.at(2)), title: data.meta.title)
"""


def _house() -> str:
    return (files("faktura_zugferd") / "layout" / "page.typ").read_text("utf-8")


def test_the_houses_own_page_as_a_template_gives_the_same_bytes(
    zugferd: Zugferd, build: Callable[..., Pdf]
) -> None:
    """It gets the same data and may import the layout's parts."""
    own = build(Zugferd, template=_house())

    assert own.render(sample_invoice()) == zugferd.render(sample_invoice())
    assert own.rule_set != zugferd.rule_set


def test_a_template_of_its_own_makes_a_right_hybrid(
    build: Callable[..., Pdf], reader: ZugferdReader
) -> None:
    """The XMP step and the container are ours, whatever the page looks like."""
    own = build(Zugferd, template=_SMALL + "Rechnung #data.number")

    content = own.render(sample_invoice())

    assert reader.check(content).findings == ()
    assert text_of(content) == "RechnungR-2026-00042"


@pytest.mark.parametrize(
    ("template", "place", "problem"),
    [
        ("Hallo\n#foo", "template, line 2", "unknown variable: foo"),
        ("#let x =", "template, line 1", "expected expression"),
        ('#read("/etc/passwd")', "template, line 1", "file not found"),
        ('#read("../../../etc/passwd")', "template, line 1", "would escape the project root"),
        ('\n#import "@" + "preview/cetz:0.3.0"', "template, line 2", "imports a package"),
        ("#let f(x) = f(x) + 1\n#f(1)", "template, line 1", "maximum function call depth"),
    ],
)
def test_what_a_template_may_not_do_is_refused_with_its_line(
    template: str, place: str, problem: str
) -> None:
    """No files, no network, and its own mistakes, each in its line."""
    with pytest.raises(RenderRefused) as refusal:
        Sandbox(Look(template=template)).pdf("invoice", _DATA)

    assert refusal.value.place == place
    assert problem in refusal.value.problem


def test_a_template_without_end_is_killed_and_the_next_page_is_set() -> None:
    """Time on the wall; a new process takes over."""
    endless = "#for i in range(9999) { for j in range(9999) { for k in range(9999) {} } }"
    sandbox = Sandbox(
        Look(template=f'#if sys.inputs.kind == "reminder" [{endless}] else [gut]'), seconds=3
    )

    with pytest.raises(RenderRefused, match="took too long, or too much memory"):
        sandbox.pdf("reminder", _DATA)

    assert sandbox.pdf("invoice", _DATA).startswith(b"%PDF")


def test_a_template_that_takes_all_memory_dies_alone() -> None:
    """RLIMIT_AS: the child ends, this process goes on."""
    hungry = "#range(900000000).len()"

    with pytest.raises(RenderRefused, match="took too long, or too much memory"):
        Sandbox(Look(template=hungry), seconds=30).pdf("invoice", _DATA)


def test_the_process_has_no_environment_and_no_secrets() -> None:
    """What the operator exported is not there; a proxy leads nowhere."""
    from faktura_zugferd.own_template import _Child

    child = _Child(Look(template="x"))
    try:
        with open(f"/proc/{child._process.pid}/environ", "rb") as file:  # noqa: PTH123
            names = {
                entry.partition(b"=")[0].decode() for entry in file.read().split(b"\0") if entry
            }
    finally:
        child.end()

    proxies = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"}
    assert names <= {"HOME", "TMPDIR", "LANG", "PATH", "LC_CTYPE", *proxies}


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (_SMALL + "#data.number #data.head.brand", "does not show “Probe AG”"),
        (
            _SMALL + "#data.number #data.head.brand #data.head.window.join()",
            "does not show “07743 Jena”",
        ),
        (
            _SMALL + "#data.number #data.head.return_line #data.head.window.join()",
            "does not show “DE123456788”",
        ),
        ('#set text(font: "Source Sans 3")\nHallo', "holds 0 files, and not the invoice alone"),
        ("#foo", "unknown variable: foo (template, line 1)"),
    ],
)
def test_a_template_that_loses_what_the_law_wants_is_not_kept(
    template: str, said: str, build: Callable[..., Pdf]
) -> None:
    """§ 14 (4) UStG: who, to whom, when, number, sums; and the hybrid's XML."""
    with pytest.raises(FieldInvalid) as refusal:
        build(Zugferd, template=template).check_settings()

    assert refusal.value.place == "setting template, sample “one line”"
    assert said in refusal.value.problem
    assert refusal.value.mend


def test_the_houses_page_passes_as_a_template(build: Callable[..., Pdf]) -> None:
    """What tenants start from."""
    build(Zugferd, template=_house()).check_settings()


def test_the_process_answers_each_request_and_ends_with_them() -> None:
    """The loop, in this process: a look, two pages of which one fails."""
    requests, answers = BytesIO(), BytesIO()
    look = {"template": _SMALL + "Hallo #data.name", "logo": None, "footer_columns": ["a"]}
    write_frame(requests, json.dumps(look).encode())
    for data in ({**_DATA, "name": "Welt"}, _DATA):
        request = json.dumps({"kind": "invoice", "data": data, "files": []})
        write_frame(requests, request.encode())
    requests.seek(0)

    serve(requests, answers)

    answers.seek(0)
    assert read_frame(answers) == b"{}"
    assert text_of(read_frame(answers) or b"") == "HalloWelt"
    refused = json.loads(read_frame(answers) or b"")
    assert refused["place"].startswith("template, line")
    assert read_frame(answers) == b""
    assert read_frame(answers) is None


def test_a_process_that_nobody_asks_ends_well() -> None:
    """A closed pipe is no error."""
    command = [sys.executable, "-I", "-m", "faktura_zugferd.sandbox"]

    assert subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode == 0


def test_many_threads_get_each_their_own_page(zugferd: Zugferd) -> None:
    """One adapter object serves all threads of a worker."""
    numbers = [f"R-2026-{number}" for number in range(12)]

    with ThreadPoolExecutor(4) as pool:
        pages = list(
            pool.map(lambda number: zugferd.render(sample_invoice(number=number)), numbers)
        )

    assert [number in text_of(page) for number, page in zip(numbers, pages, strict=True)] == [
        True
    ] * 12
