"""A connector's work done again in a process of its own: `python -m faktura.testing.kit.another_process`.

It has another hash seed, time zone, language, folder and clock than the tests, so that bytes which
depend on one of them differ. A job comes as JSON on the standard input; hashes and the growth of
memory go back on the standard output.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic_core import to_jsonable_python

from faktura.kernel.clock import FixedClock
from faktura.plugin import (
    AccountBalanceData,
    AccountData,
    AccountingExporter,
    Adapter,
    BookedDocument,
    DebtorData,
    DocumentFormat,
    Dto,
    ExportBatch,
    InvoiceDocument,
    JournalEntryData,
)
from faktura.testing.export_sources import GivenSource
from faktura.testing.kit.surroundings import KIT_NOW, Surroundings

OTHER_NOW = KIT_NOW + timedelta(days=1, hours=15)
"""The moment over there: another day, another hour."""
_OTHER = {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C"}
_SECONDS = 300
_SOURCES: Mapping[str, type[Dto]] = {
    "accounts": AccountData,
    "debtors": DebtorData,
    "documents": BookedDocument,
    "balances": AccountBalanceData,
}

Job = dict[str, Any]


def rendered_elsewhere(
    adapter: type[Adapter], settings: Mapping[str, object], documents: Iterable[InvoiceDocument]
) -> Job:
    """`sha256` of each document's bytes, the `rule_set`, and the kilobytes the last one took."""
    listed = [to_jsonable_python(document) for document in documents]
    return _answer({**_built_as(adapter, settings), "documents": listed})


def exported_elsewhere(
    adapter: type[Adapter],
    settings: Mapping[str, object],
    batch: ExportBatch,
    source: Mapping[str, Iterable[Dto]],
) -> Job:
    """`sha256` of each file of a batch; `source` holds entries, accounts, debtors and so on."""
    parts = {name: [to_jsonable_python(one) for one in rows] for name, rows in source.items()}
    return _answer(
        {**_built_as(adapter, settings), "batch": to_jsonable_python(batch), "source": parts}
    )


def _built_as(adapter: type[Adapter], settings: Mapping[str, object]) -> Job:
    return {
        "adapter": f"{adapter.__module__}:{adapter.__qualname__}",
        "settings": to_jsonable_python(dict(settings)),
        "now": OTHER_NOW.isoformat(),
    }


def _answer(job: Job) -> Job:
    # Relative entries of the path would mean something else in the other folder.
    path = os.pathsep.join(str(Path(entry).absolute()) for entry in ["", *sys.path])
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "faktura.testing.kit.another_process"],
            input=json.dumps(job).encode(),
            env={**os.environ, **_OTHER, "PYTHONPATH": path},
            cwd=folder,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    assert done.returncode == 0, f"in another process: {done.stderr.decode(errors='replace')}"
    answer: Job = json.loads(done.stdout)
    return answer


def work(job: Job) -> Job:
    """Do a job here; what `_answer` asks the other process for."""
    module, _, name = str(job["adapter"]).partition(":")
    found: object = import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    assert isinstance(found, type)
    assert issubclass(found, Adapter)
    clock = FixedClock(datetime.fromisoformat(job["now"]))
    runtime = Surroundings(clock=clock).runtime()
    adapter = found(found.Settings.model_validate(job["settings"]), runtime)
    return _exported(adapter, job) if "batch" in job else _rendered(adapter, job)


def _rendered(adapter: Adapter, job: Job) -> Job:
    assert isinstance(adapter, DocumentFormat)
    documents = [InvoiceDocument.model_validate(one) for one in job["documents"]]
    hashes = [_hash(adapter.render(document)) for document in documents[:-1]]
    before = _most_kilobytes()
    hashes.append(_hash(adapter.render(documents[-1])))
    return {
        "sha256": hashes,
        "rule_set": adapter.rule_set,
        "kilobytes": _most_kilobytes() - before,
    }


def _exported(adapter: Adapter, job: Job) -> Job:
    assert isinstance(adapter, AccountingExporter)
    parts: Job = {
        name: [of.model_validate(one) for one in job["source"].get(name, ())]
        for name, of in _SOURCES.items()
    }
    entries = [JournalEntryData.model_validate(one) for one in job["source"]["entries"]]
    files = adapter.export(ExportBatch.model_validate(job["batch"]), GivenSource(entries, **parts))
    return {"sha256": [_hash(file.content) for file in files]}


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()


def _most_kilobytes() -> int:
    """The most memory this process ever had, without that of the process it came from."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = [one for one in status.read_text().splitlines() if one.startswith("VmHWM:")]
        return int(line.split()[1])
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024  # macOS counts bytes


if __name__ == "__main__":
    sys.stdout.write(json.dumps(work(json.load(sys.stdin))))
