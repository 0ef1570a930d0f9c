"""The installation's settings: from the environment, then from `faktura.toml` beside it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from faktura.bootstrap.logs import LogFormat
from faktura.bootstrap.reachability import Network, PublicUrl, read_networks, read_public_url
from faktura.kernel.errors import FieldInvalid, FieldUnknown, FileUnreadable, shortened

FILE = "faktura.toml"
DEFAULT_DATABASE = "sqlite:///var/faktura.db"
_TEXTS = ("database_url", "blob_dir", "blob_s3", "public_url", "log_format", "metrics_token")
_LISTS = ("plugins", "secret_keys", "trusted_proxies", "private_hosts", "sandbox_hosts")
_SHORTEST_TOKEN = 24


@dataclass(frozen=True, slots=True)
class Settings:
    """What the installation says; addresses and keys hold secrets and are not printed.

    `public_url` is where browsers find us, None for this machine alone; `trusted_proxies` are whom
    we believe when they say for whom they ask. `private_hosts` (name:port) are systems of our own
    network that adapters may call, without TLS too; so are `sandbox_hosts`, the only ones that a sandbox
    tenant calls beside the sandboxes of providers (F137). `adapters` are the tables [adapters.<instance>] of
    the file, `environment` all variables. `metrics_token` opens `/metrics`, "" closes it.
    """

    database_url: str = field(default=DEFAULT_DATABASE, repr=False)
    plugins: tuple[str, ...] = ()
    secret_keys: tuple[str, ...] = field(default=(), repr=False)
    blob_dir: Path | None = None
    blob_s3: str = ""
    public_url: PublicUrl | None = None
    trusted_proxies: tuple[Network, ...] = ()
    private_hosts: frozenset[str] = frozenset()
    sandbox_hosts: frozenset[str] = frozenset()
    adapters: Mapping[str, Mapping[str, object]] = field(default_factory=dict, repr=False)
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    log_format: LogFormat = LogFormat.TEXT
    metrics_token: str = field(default="", repr=False)

    @property
    def shares_content(self) -> bool:
        """Whether the files lie in one place whichever database is used."""
        return self.blob_dir is not None or bool(self.blob_s3)


def read_settings(environment: Mapping[str, str], folder: Path) -> Settings:
    """Settings from FAKTURA_… variables, else from `faktura.toml` in `folder`, else defaults.

    Raises FileUnreadable, FieldUnknown or FieldInvalid for a file that cannot be used.
    """
    file = _read_file(folder / FILE)
    blob_dir = _text("blob_dir", environment, file)
    sandbox_hosts = frozenset(_list("sandbox_hosts", environment, file))
    return Settings(
        database_url=_text("database_url", environment, file) or DEFAULT_DATABASE,
        plugins=_list("plugins", environment, file),
        secret_keys=_list("secret_keys", environment, file),
        blob_dir=Path(blob_dir) if blob_dir else None,
        blob_s3=_text("blob_s3", environment, file),
        public_url=read_public_url(_text("public_url", environment, file)),
        trusted_proxies=read_networks(_list("trusted_proxies", environment, file)),
        private_hosts=frozenset(_list("private_hosts", environment, file)) | sandbox_hosts,
        sandbox_hosts=sandbox_hosts,
        adapters=_adapters(file),
        environment=environment,
        log_format=_log_format(_text("log_format", environment, file)),
        metrics_token=_metrics_token(_text("metrics_token", environment, file)),
    )


def _log_format(text: str) -> LogFormat:
    try:
        return LogFormat(text or LogFormat.TEXT)
    except ValueError:
        raise FieldInvalid(
            f"“{shortened(text)}” is no format of log lines",
            place="FAKTURA_LOG_FORMAT",
            mend=f"Write one of: {', '.join(LogFormat)}",
        ) from None


def _metrics_token(token: str) -> str:
    if token and (len(token) < _SHORTEST_TOKEN or not token.isascii() or " " in token):
        raise FieldInvalid(
            f"the token is shorter than {_SHORTEST_TOKEN} characters, or not ASCII without blanks",
            place="FAKTURA_METRICS_TOKEN",
            mend="Make one: openssl rand -hex 32",
        )
    return token


def _read_file(path: Path) -> dict[str, object]:
    try:
        # Decimal: a price in a connector's settings must not pass through a binary fraction.
        file = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except FileNotFoundError:
        return {}
    except ValueError as error:
        # Wrong syntax, another encoding, or a whole number of thousands of digits.
        raise FileUnreadable(f"not TOML: {error}", place=FILE) from None
    except RecursionError:
        raise FileUnreadable("not TOML: values are nested too deeply", place=FILE) from None
    except OSError as error:
        raise FileUnreadable(f"it cannot be read: {error.strerror}", place=FILE) from None
    known = (*_TEXTS, *_LISTS, "adapters")
    for name in file:
        if name not in known:
            raise FieldUnknown(
                f"there is no setting “{name}”", place=FILE, mend=f"Settings: {', '.join(known)}"
            )
    return file


def _variable(name: str) -> str:
    return f"FAKTURA_{name.upper()}"


def _text(name: str, environment: Mapping[str, str], file: Mapping[str, object]) -> str:
    value = environment.get(_variable(name)) or file.get(name, "")
    if not isinstance(value, str):
        raise FieldInvalid(f"“{name}” is not a text", place=FILE)
    return value


def _list(name: str, environment: Mapping[str, str], file: Mapping[str, object]) -> tuple[str, ...]:
    value: object = file.get(name, [])
    if _variable(name) in environment:
        value = environment[_variable(name)].split(",")
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise FieldInvalid(f"“{name}” is not a list of texts", place=FILE)
    # The order counts, a repetition does not.
    return tuple(dict.fromkeys(entry.strip() for entry in value if entry.strip()))


def _adapters(file: Mapping[str, object]) -> dict[str, dict[str, object]]:
    tables = file.get("adapters", {})
    if not isinstance(tables, dict) or not all(
        isinstance(table, dict) for table in tables.values()
    ):
        raise FieldInvalid("“adapters” does not hold tables", place=FILE, mend="[adapters.NAME]")
    return tables
