"""The guide for makers of connectors, executed as it stands: every command, every file."""

import ast
import io
import os
import re
import subprocess
import sys
import sysconfig
import tokenize
import venv
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SERVES = """
{command} > served.txt 2>&1 & served=$!
for _ in $(seq 300); do grep -q "faktura is at http" served.txt && break; sleep 0.1; done
kill -INT $served; wait $served || true
grep "faktura is at http" served.txt
"""
_IDLE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}


def blocks(page: str) -> list[tuple[str, str, str]]:
    """The page's code blocks: language, what stands behind it, content."""
    text = (_ROOT / "docs/connectors" / page).read_text(encoding="utf-8")
    return [(match[1], match[2] or "", match[3]) for match in _BLOCK.finditer(text)]


def script(page: str) -> str:
    """The page as one script: files are written, commands run, two of them in their own way."""
    parts = ["set -e"]
    for language, word, content in blocks(page):
        if language != "bash":
            parts.append(
                f"mkdir -p $(dirname {word}); cat > {word} <<'END_OF_FILE'\n{content}END_OF_FILE"
            )
        elif word == "fails":
            parts.append(f"if ( {content.strip()} ); then echo 'it should fail'; exit 9; fi")
        elif word == "serves":
            parts.append(_SERVES.format(command=content.strip()))
        else:
            parts.append(content)
    return "\n".join(parts)


def lines_of_code(package: Path) -> int:
    """Lines of a package's modules, hooks and imports too: all but blank ones, comments, docstrings."""
    modules = [path.read_text(encoding="utf-8") for path in sorted(package.rglob("*.py"))]
    return sum(len(_said(text) - _explained(text)) for text in modules)


def _said(text: str) -> set[int]:
    said: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _IDLE and token.string:
            said.update(range(token.start[0], token.end[0] + 1))
    return said


def _explained(text: str) -> set[int]:
    owners = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    explained: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, owners) and ast.get_docstring(node) is not None:
            docstring = node.body[0]
            explained.update(range(docstring.lineno, (docstring.end_lineno or 0) + 1))
    return explained


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A virtual environment of a maker: the core and the kit are there, nothing else is fetched."""
    home = tmp_path / "venv"
    venv.create(home, symlinks=True)
    site = home / f"lib/python{sysconfig.get_python_version()}/site-packages"
    (site / "core.pth").write_text(
        f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
    )
    commands = {
        "faktura": "from faktura.cli.main import main; main()",
        "pytest": "import sys, pytest; sys.exit(pytest.main(['-p', 'no:cacheprovider']))",
    }
    for name, code in commands.items():
        command = home / "bin" / name
        call = code.replace("['-p'", "[*sys.argv[1:], '-p'")
        command.write_text(f"#!{home}/bin/python\n{call}\n")
        command.chmod(0o755)
    own = {
        key: value for key, value in os.environ.items() if not key.startswith(("FAKTURA", "COV"))
    }
    return own | {
        "VIRTUAL_ENV": str(home),
        "UV_OFFLINE": "1",
        "PATH": f"{home / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}",
    }


def followed(page: str, folder: Path, environment: dict[str, str]) -> str:
    """What is printed by who follows the page."""
    done = subprocess.run(
        ["bash", "-c", script(page)],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_the_guide_to_a_payment_connector_works_as_written(
    tmp_path: Path, environment: dict[str, str]
):
    """From `plugins new` to a faktura that serves it; under 150 lines of code, hooks and imports too."""
    said = followed("payment.md", tmp_path, environment)

    assert "Write: methods, currencies, limits and key_window" in said
    assert re.search(r"^\d+ passed", said, re.MULTILINE)
    assert re.search(r"refpay .*ACTIVE", said)
    package = tmp_path / "faktura-refpay/faktura_refpay"
    assert lines_of_code(package) < 150
    # Nothing that `plugins new` wrote has to be found out and deleted.
    assert {path.name for path in package.glob("*.py")} == {"__init__.py"} | {
        word.rpartition("/")[2] for _, word, _ in blocks("payment.md") if "faktura_refpay/" in word
    }


def test_the_guide_to_a_statement_parser_works_as_written(
    tmp_path: Path, environment: dict[str, str]
):
    """From `plugins new` to a statement that is imported; under 100 lines of code, all told."""
    said = followed("statements.md", tmp_path, environment)

    assert "Write: how a file of this format begins" in said
    assert re.search(r"^\d+ passed", said, re.MULTILINE)
    assert "Erika Muster" in said
    assert lines_of_code(tmp_path / "faktura-refbank/faktura_refbank") < 100


@pytest.mark.parametrize(("family", "limit"), [("payment", 150), ("banking", 100)])
def test_the_reference_connectors_are_as_short(family: str, limit: int):
    """What the kit is measured with is of the size that the guide promises, all lines counted."""
    [package] = (_ROOT / "tests/reference" / family).glob("faktura_*")

    assert 50 < lines_of_code(package) < limit


def test_every_line_but_blank_ones_comments_and_docstrings_is_counted(tmp_path: Path):
    """Imports, hooks and each line of a text count; a comment beside code does not hide it."""
    module = (
        '"""What\n\nit is."""\n\nimport os  # why\n\n# a comment\n\n\ndef one():\n    """Says."""\n'
    )
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/one.py").write_text(module + '    "a text"\n    return """a\n\nb"""\n')

    # import, def, a text, and three lines that are returned
    assert lines_of_code(tmp_path) == 6
