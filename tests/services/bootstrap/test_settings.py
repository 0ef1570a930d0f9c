"""Settings: the environment wins over faktura.toml, the file wins over the defaults."""

from decimal import Decimal
from pathlib import Path

import pytest

from faktura.bootstrap import read_settings
from faktura.kernel.errors import FieldInvalid, FieldUnknown, FileUnreadable

FILE = """
database_url = "postgresql://faktura@127.0.0.1/faktura"
plugins = ["camt", "datev"]
blob_dir = "content"

[adapters.datev]
consultant = 1001
rate = 0.1
"""


def test_without_any_setting_the_defaults_hold(tmp_path):
    """SQLite in var/, no plugin, no key."""
    settings = read_settings({}, tmp_path)

    assert settings.database_url == "sqlite:///var/faktura.db"
    assert (settings.plugins, settings.secret_keys, settings.blob_dir) == ((), (), None)
    assert settings.adapters == {}


def test_the_file_is_read_with_exact_numbers(tmp_path):
    """A number with a point never becomes a binary fraction."""
    (tmp_path / "faktura.toml").write_text(FILE)

    settings = read_settings({}, tmp_path)

    assert settings.database_url == "postgresql://faktura@127.0.0.1/faktura"
    assert settings.plugins == ("camt", "datev")
    assert settings.blob_dir == Path("content")
    assert settings.adapters == {"datev": {"consultant": 1001, "rate": Decimal("0.1")}}


def test_the_environment_wins_over_the_file(tmp_path):
    """Lists are written with commas; blanks and repetitions do not count."""
    (tmp_path / "faktura.toml").write_text(FILE)

    settings = read_settings(
        {
            "FAKTURA_DATABASE_URL": "sqlite:///other.db",
            "FAKTURA_PLUGINS": " xrechnung, camt,,xrechnung ",
            "FAKTURA_SECRET_KEYS": "new,old",
            "FAKTURA_BLOB_DIR": "elsewhere",
        },
        tmp_path,
    )

    assert settings.database_url == "sqlite:///other.db"
    assert settings.plugins == ("xrechnung", "camt")
    assert settings.secret_keys == ("new", "old")
    assert settings.blob_dir == Path("elsewhere")


def test_an_empty_list_in_the_environment_disables_every_plugin(tmp_path):
    """Set and empty is not the same as unset."""
    (tmp_path / "faktura.toml").write_text(FILE)

    assert read_settings({"FAKTURA_PLUGINS": ""}, tmp_path).plugins == ()


@pytest.mark.parametrize(
    ("text", "error", "problem"),
    [
        ("plugins = [", FileUnreadable, "not TOML"),
        ("plugin = []", FieldUnknown, "there is no setting “plugin”"),
        ("plugins = 'camt'", FieldInvalid, "“plugins” is not a list of texts"),
        ("plugins = [1]", FieldInvalid, "“plugins” is not a list of texts"),
        ("database_url = 3", FieldInvalid, "“database_url” is not a text"),
        ("adapters = 3", FieldInvalid, "“adapters” does not hold tables"),
        ("[adapters]\ndatev = 3", FieldInvalid, "“adapters” does not hold tables"),
    ],
    ids=["toml", "unknown", "no list", "no texts", "no text", "no tables", "no table"],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path, text, error, problem):
    """A typo must not leave a default in place silently."""
    (tmp_path / "faktura.toml").write_text(text)

    with pytest.raises(error) as refused:
        read_settings({}, tmp_path)

    assert refused.value.place == "faktura.toml"
    assert refused.value.problem.startswith(problem)


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path):
    """Some container tools make one where a file to mount is missing."""
    (tmp_path / "faktura.toml").mkdir()

    with pytest.raises(FileUnreadable, match=r"faktura.toml: it cannot be read: Is a directory"):
        read_settings({}, tmp_path)


def test_a_file_that_nests_without_end_is_refused(tmp_path):
    """Python gives up with an error that names nothing."""
    (tmp_path / "faktura.toml").write_text("plugins = " + "[" * 100_000)

    with pytest.raises(FileUnreadable, match="not TOML: values are nested too deeply"):
        read_settings({}, tmp_path)


def test_a_file_in_another_encoding_is_refused(tmp_path):
    """TOML is UTF-8."""
    (tmp_path / "faktura.toml").write_bytes(b"blob_dir = '\xfc'")

    with pytest.raises(FileUnreadable, match="not TOML"):
        read_settings({}, tmp_path)


def test_settings_print_neither_addresses_nor_keys(tmp_path):
    """A database address may hold a password, a key opens every secret."""
    settings = read_settings(
        {
            "FAKTURA_DATABASE_URL": "postgresql://f:geheim@127.0.0.1/f",
            "FAKTURA_SECRET_KEYS": "geheim",
        },
        tmp_path,
    )

    assert "geheim" not in repr(settings)
