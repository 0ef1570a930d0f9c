"""A connector's distribution from its template: every file that a maker needs, nothing to delete.

What only a person can write is `raise NotImplementedError("Write: …")`: the kit's tests fail there
with that sentence, each place once, and nowhere else.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum, unique
from importlib.metadata import distributions
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from string import Template

from faktura.hub.loader import installed
from faktura.kernel.errors import FieldInvalid, FileUnwritable, NumberTaken, shortened

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST = 30
_SETTING = re.compile(
    r'^    (\w+): \S+ = Field\(.*?description="([^"]+)"', re.MULTILINE | re.DOTALL
)


@unique
class Kind(StrEnum):
    """What a new connector is: its template has the same name."""

    PAYMENT = "payment"
    STATEMENTS = "statements"
    FEED = "feed"
    ACCOUNTING = "accounting"
    EINVOICE = "einvoice"
    EVENTS = "events"
    TAX = "tax"


_SAID = {
    Kind.PAYMENT: ("payments", "adapter.py"),
    Kind.STATEMENTS: ("bank statements", "parser.py"),
    Kind.FEED: ("a bank feed", "adapter.py"),
    Kind.ACCOUNTING: ("accounting exports", "exporter.py"),
    Kind.EINVOICE: ("a document format", "format.py"),
    Kind.EVENTS: ("a listener to events", "listener.py"),
    Kind.TAX: ("checks of VAT ids", "adapter.py"),
}


@dataclass(frozen=True, slots=True)
class Distribution:
    """The files of a new connector by their path in its folder, in a fixed order."""

    name: str
    package: str
    files: dict[str, str]

    def write(self, into: Path) -> Path:
        """Write them into a new folder below `into`; raises FileUnwritable, NumberTaken."""
        folder = into / f"faktura-{self.name}"
        try:
            folder.mkdir(parents=True)
            for path, text in self.files.items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_text(text, encoding="utf-8")
        except FileExistsError:
            raise NumberTaken(
                "the folder exists", place=str(folder), mend="Choose another name or --dir"
            ) from None
        except OSError as error:
            raise FileUnwritable(f"it cannot be written: {error}", place=str(folder)) from error
        return folder


def new_distribution(kind: Kind, name: str) -> Distribution:
    """The files of a new connector; raises FieldInvalid, NumberTaken for its name."""
    package = f"faktura_{name.replace('-', '_')}"
    _check_name(name, package)
    words = {
        "name": name,
        "package": package,
        "Class": "".join(part.capitalize() for part in name.split("-")),
        "Title": " ".join(part.capitalize() for part in name.split("-")),
        "kind": _SAID[kind][0],
        "start": _SAID[kind][1],
    }
    own = dict(_filled(kind.value, words))
    _check_classes(name, own)
    modules = sorted(Path(path).name for path in own if path.startswith(f"{package}/"))
    words["modules"] = ", ".join(f"`{module}`" for module in modules if module != "__init__.py")
    words["settings"] = "\n".join(
        f"- `{field}`: {said}." for field, said in _SETTING.findall(own[f"{package}/settings.py"])
    )
    common = dict(_filled("common", words))
    if not any(path.startswith("tests/double/") for path in own):
        lines = common["pyproject.toml"].replace('[".", "tests/double"]', '["."]')
        common["pyproject.toml"] = lines.replace('mypy_path = ["tests/double"]\n', "")
    return Distribution(name, package, {**common, **own})


def _check_name(name: str, package: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST or name.startswith("faktura"):
        raise FieldInvalid(
            f"“{shortened(name)}” is no name for a connector",
            place="NAME",
            mend=f"Small letters, digits and single hyphens, at most {_LONGEST}, such as acme-pay",
        )
    named = {str(one.name).lower().replace("_", "-") for one in distributions()}
    if name in installed() or f"faktura-{name}" in named or find_spec(package) is not None:
        raise NumberTaken(
            f"a plugin “{name}” is installed already", place="NAME", mend="Choose another name"
        )


def _check_classes(name: str, own: dict[str, str]) -> None:
    """Refuse a name after which a class would be called as one that its module imports."""
    for path, text in own.items():
        nodes = list(ast.walk(ast.parse(text))) if path.endswith(".py") else []
        defined = {node.name for node in nodes if isinstance(node, ast.ClassDef)}
        imports = [node for node in nodes if isinstance(node, ast.ImportFrom)]
        imported = {alias.name for node in imports for alias in node.names}
        if taken := sorted(defined & imported):
            raise FieldInvalid(
                f"of “{name}” a class would be called {taken[0]}, as one of the core's",
                place="NAME",
                mend="Name it after the other side, such as acme-pay",
            )


def _filled(template: str, words: dict[str, str]) -> Iterator[tuple[str, str]]:
    text = (files(__package__) / f"{template}.txt").read_text(encoding="utf-8")
    for part in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
        path, _, content = part.partition("\n")
        yield Template(path).substitute(words), Template(content).substitute(words)
