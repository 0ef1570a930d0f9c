"""The tree names no package host and no path of a machine, so that it installs anywhere."""

import re
from pathlib import Path, PurePosixPath

BUILD_FILES = {"Makefile", "requirements.lock", "pyproject.toml", "run"}
LOCAL = re.compile(r"\w+://(\w+@)?(127\.0\.0\.1|localhost|\[::1\]|[\w.]*\bexample\b)")
ADDRESS = re.compile(r"\w+://[^\s\"'`)>]+")
INDEX = re.compile(r"(?i)\w+://[^\s\"'`)>]*/simple\b|--(extra-)?index-url|--find-links")
MACHINE_PATH = re.compile(r"(?<![\w.:/}\])-])/(home|Users|root|work)/[\w.-]+")


def test_the_lock_holds_versions_only(root):
    """Name, version and marker a line: no address, no file, no editable, so any mirror serves it."""
    lines = (root / "requirements.lock").read_text().splitlines()

    odd = [line for line in lines if not re.fullmatch(r"[a-z0-9.-]+==[\w.]+( ; .+)?", line)]

    assert odd == []
    assert "://" not in "".join(lines)


def test_build_files_name_no_host(project_files):
    """What installs and builds takes its sources from the environment."""
    found = [
        f"{path}: {address}"
        for path, text in project_files.items()
        if PurePosixPath(path).name in BUILD_FILES
        for address in ADDRESS.findall(text)
        if not LOCAL.match(address)
    ]

    assert found == []


def test_no_file_points_to_a_package_index(project_files):
    """Neither docs nor scripts send a reader to one particular index."""
    here = "tests/architecture/test_addresses.py"
    found = [path for path, text in project_files.items() if path != here and INDEX.search(text)]

    assert found == []


def test_no_file_holds_a_path_of_a_machine(project_files, root):
    """A path of the developer's disk is wrong on every other one."""
    # A path of one part, such as a container's, could be anything else too.
    own = [f"{path}/" for path in (root, Path.home()) if len(path.parts) > 2]
    found = [
        f"{path}: {text[: match.start()].count(chr(10)) + 1}"
        for path, text in project_files.items()
        for match in MACHINE_PATH.finditer(text)
    ]
    found += [path for path, text in project_files.items() if any(prefix in text for prefix in own)]

    assert found == []
