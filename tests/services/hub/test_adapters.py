"""Adapters are built once per tenant and instance, from settings that say where they come from."""

import logging
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from threading import Thread
from typing import Annotated, BinaryIO, ClassVar

import pytest
from pydantic import Field, SecretStr, field_validator, model_validator
from typing_extensions import override

from faktura.hub.adapters import Adapters, Installation
from faktura.hub.nothing_kept import NothingKept
from faktura.hub.registry import Offer, Registry
from faktura.hub.setting_names import is_secret, setting_names
from faktura.hub.settings import Sources, secret_fields, settings_for, variable
from faktura.kernel.errors import (
    FakturaError,
    FieldInvalid,
    FieldUnknown,
    Misconfigured,
    PluginMissing,
    SettingMissing,
)
from faktura.plugin import (
    AccountingExporter,
    AdapterSettings,
    DocumentFormat,
    DocumentReader,
    EventListener,
    StatementParser,
    StatementRecord,
)

SECRET = "sk_live_51H8xT2qZ"  # noqa: S105 - it opens nothing


class BankSettings(AdapterSettings):
    """Settings of every kind."""

    user: str
    pin: SecretStr
    limit: int = Field(default=10, ge=1)
    rates: Mapping[str, Decimal] = Field(default_factory=dict)
    token: SecretStr | None = None

    @field_validator("pin")
    @classmethod
    def _refuse_letters(cls, value: SecretStr) -> SecretStr:
        # Written carelessly on purpose: the message quotes the secret.
        if not value.get_secret_value().startswith("sk_"):
            raise ValueError(f"{value.get_secret_value()} does not begin with sk_")
        return value


class BankParser(StatementParser):
    """A parser with settings."""

    format_id = "bank"
    Settings: ClassVar[type[AdapterSettings]] = BankSettings

    @override
    def recognises(self, head: bytes, filename: str) -> bool:
        return False

    @override
    def parse(self, source: BinaryIO, filename: str) -> Iterator[StatementRecord]:
        yield from ()


class Bell(EventListener):
    """A listener with a setting the parser has not."""

    class Settings(AdapterSettings):
        """One optional setting."""

        tone: str = "c"

    listens_to = frozenset()

    @override
    async def handle(self, event):
        raise AssertionError


class Exporter(AccountingExporter):
    """An exporter without settings."""

    target = "paper"

    @override
    def export(self, batch, source):
        yield from ()


class Format(DocumentFormat):
    """A format without settings."""

    format_id = "text"
    media_type = "text/plain"
    file_suffix = ".txt"
    rule_set = "1"

    @override
    def check(self, document):
        return ()

    @override
    def render(self, document):
        return b""


class Reader(DocumentReader):
    """A reader without settings."""

    reader_id = "text"

    @override
    def recognises(self, content):
        return True

    @override
    def read(self, content):
        raise AssertionError

    @override
    def check(self, content):
        raise AssertionError


class State:
    """A state store that is told apart by its identity only."""

    def get(self, key: str) -> object | None:
        return None

    def put(self, key: str, value: Mapping[str, object]) -> None:
        raise AssertionError


@dataclass
class Kept:
    """What a store would keep, as plain dictionaries by (tenant, instance)."""

    rows: dict[tuple[int, str], dict[str, object]] = field(default_factory=dict)
    hidden: dict[tuple[int, str], dict[str, str]] = field(default_factory=dict)
    states: dict[tuple[int, str], State] = field(default_factory=dict)

    def settings(self, tenant_id: int, instance: str) -> Mapping[str, object]:
        return self.rows.get((tenant_id, instance), {})

    def secrets(self, tenant_id: int, instance: str) -> Mapping[str, str]:
        return self.hidden.get((tenant_id, instance), {})

    def state(self, tenant_id: int, instance: str) -> State:
        return self.states.setdefault((tenant_id, instance), State())


REGISTRY = Registry(
    parsers={"bank": Offer("bank", "my-bank", BankParser)},
    formats={"text": Offer("text", "text", Format)},
    readers={"text": Offer("text", "text", Reader)},
    exporters={"paper": Offer("paper", "paper", Exporter)},
    listeners={"my-bank.Bell": Offer("my-bank.Bell", "my-bank", Bell)},
)
COMPLETE = {"user": "u", "pin": SECRET}


@pytest.fixture
def build(clock):
    """Builds adapters over what is kept, the environment and the file."""

    def make(kept=None, environment=None, file=None):
        installation = Installation(environment or {}, file or {})
        return Adapters(REGISTRY, kept or Kept(), clock, installation)

    return make


def bank_settings(adapter) -> BankSettings:
    assert isinstance(adapter.settings, BankSettings)
    return adapter.settings


def test_an_adapter_is_built_once_per_tenant_and_instance(build, clock):
    """Two accounts of one tenant are two instances, and no tenant sees another's (P50)."""
    kept = Kept()
    adapters = build(kept, file={"my-bank": COMPLETE, "second": {**COMPLETE, "user": "v"}})

    first = adapters.parser(1, "bank")
    again = adapters.parser(1, "bank", instance="my-bank")
    second = adapters.parser(1, "bank", instance="second")
    other = adapters.parser(2, "bank")

    assert first is again
    assert bank_settings(first).user == "u"
    assert bank_settings(second).user == "v"
    assert len({id(adapter) for adapter in (first, second, other)}) == 3
    assert first.runtime.state is kept.states[1, "my-bank"]
    assert second.runtime.state is kept.states[1, "second"]
    assert other.runtime.state is kept.states[2, "my-bank"]
    assert first.runtime.clock is clock
    assert first.runtime.log is logging.getLogger("faktura.adapter.my-bank")


def test_threads_that_ask_at_once_get_the_same_adapter(build):
    """An adapter may hold a connection: there is one of it."""
    adapters = build(file={"my-bank": COMPLETE})
    got: list[StatementParser] = []
    threads = [Thread(target=lambda: got.append(adapters.parser(1, "bank"))) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(got) == 8
    assert len({id(adapter) for adapter in got}) == 1


def test_every_family_is_handed_out_by_its_own_name(build):
    """Each family of the house."""
    adapters = build(file={"my-bank": COMPLETE})

    assert isinstance(adapters.exporter(1, "paper"), Exporter)
    assert adapters.export_targets() == ("paper",)
    assert isinstance(adapters.document_format(1, "text"), Format)
    assert isinstance(adapters.listener(1, "my-bank.Bell"), Bell)
    assert list(adapters.parsers(1)) == [adapters.parser(1, "bank")]
    [reader] = adapters.readers(1)
    assert isinstance(reader, Reader)
    assert list(adapters.readers(1)) == [reader]
    assert adapters.formats(1).format_of("text") is adapters.document_format(1, "text")
    with pytest.raises(PluginMissing):
        adapters.formats(1).format_of("pdf")


def test_the_nearest_source_of_a_setting_wins(build):
    """Tenant's setting and secret, then the environment, then faktura.toml."""
    kept = Kept(
        rows={(1, "my-bank"): {"user": "tenant"}}, hidden={(1, "my-bank"): {"pin": "sk_store"}}
    )
    adapters = build(
        kept,
        environment={
            "FAKTURA_MY_BANK__USER": "environment",
            "FAKTURA_MY_BANK__PIN": "sk_environment",
            "FAKTURA_MY_BANK__LIMIT": "20",
            "FAKTURA_SECOND__LIMIT": "40",
        },
        file={"my-bank": {"user": "file", "pin": "sk_file", "limit": 30, "token": "file"}},
    )

    own, others = (
        bank_settings(adapters.parser(1, "bank")),
        bank_settings(adapters.parser(2, "bank")),
    )

    assert (own.user, own.pin.get_secret_value(), own.limit) == ("tenant", "sk_store", 20)
    assert (others.user, others.pin.get_secret_value()) == ("environment", "sk_environment")
    assert own.token is not None
    assert own.token.get_secret_value() == "file"


def test_a_map_in_the_environment_is_json_with_exact_numbers(build):
    """0.1 stays 0.1: no binary fraction on the way (P11)."""
    adapters = build(
        environment={
            "FAKTURA_MY_BANK__USER": "{not json",
            "FAKTURA_MY_BANK__PIN": "sk_1",
            "FAKTURA_MY_BANK__RATES": '{"8400": 0.1}',
        }
    )

    settings = bank_settings(adapters.parser(1, "bank"))

    assert settings.user == "{not json"
    assert settings.rates == {"8400": Decimal("0.1")}


def test_a_broken_map_in_the_environment_is_named_by_its_variable(build):
    """The operator looks for the variable, not for the field."""
    adapters = build(environment={"FAKTURA_MY_BANK__RATES": "{8400: 19}"})

    with pytest.raises(FieldInvalid) as refused:
        adapters.parser(1, "bank")

    assert refused.value.place == "FAKTURA_MY_BANK__RATES"


def test_a_setting_of_another_adapter_of_the_plugin_is_no_mistake(build):
    """One instance, one set of settings: each adapter takes what it knows."""
    adapters = build(file={"my-bank": {**COMPLETE, "tone": "a"}})

    bell = adapters.listener(1, "my-bank.Bell")

    assert isinstance(bell.settings, Bell.Settings)
    assert bell.settings.tone == "a"
    assert bank_settings(adapters.parser(1, "bank")).user == "u"


@pytest.mark.parametrize(
    ("kept", "environment", "file"),
    [
        (Kept(rows={(1, "my-bank"): {"usr": "u"}}), {}, {}),
        (Kept(hidden={(1, "my-bank"): {"usr": "u"}}), {}, {}),
        (Kept(), {"FAKTURA_MY_BANK__USR": "u"}, {}),
        (Kept(), {}, {"my-bank": {"usr": "u"}}),
    ],
    ids=["tenant", "secrets", "environment", "file"],
)
def test_a_setting_nobody_reads_is_refused(build, kept, environment, file):
    """A typo must not leave a default in place silently."""
    adapters = build(kept, environment, file)

    with pytest.raises(FieldUnknown) as refused:
        adapters.parser(1, "bank")

    assert str(refused.value) == (
        "adapter my-bank: there is no setting “usr”. Settings: limit, pin, rates, token, tone, user"
    )


def test_a_missing_setting_is_named_with_its_instance(build):
    """The message says the three places where it can be set."""
    adapters = build(file={"second": {"pin": SECRET}})

    with pytest.raises(SettingMissing) as refused:
        adapters.parser(1, "bank", instance="second")

    assert str(refused.value) == (
        "adapter second: setting “user” is not set. Set it in the tenant's settings"
        " (faktura plugins set second user VALUE), as FAKTURA_SECOND__USER,"
        " or in faktura.toml under [adapters.second]"
    )


def test_a_missing_secret_is_named_as_a_secret(build):
    """It belongs into the secret store."""
    adapters = build(file={"my-bank": {"user": "u"}})

    with pytest.raises(SettingMissing) as refused:
        adapters.parser(1, "bank")

    assert refused.value.problem == "secret “pin” is not set"
    assert refused.value.mend.startswith(
        "Set it in the secret store (faktura plugins set my-bank pin), as FAKTURA_MY_BANK__PIN"
    )


def test_an_invalid_setting_is_named_with_its_path(build):
    """Below a field the path goes on."""
    adapters = build(file={"my-bank": {**COMPLETE, "rates": {"8400": "x"}}})

    with pytest.raises(FieldInvalid) as refused:
        adapters.parser(1, "bank")

    assert refused.value.place == "adapter my-bank, setting rates.8400"
    assert refused.value.problem == "Input should be a valid decimal"


def test_a_model_that_refuses_the_whole_is_named_without_a_field(clock):
    """Rules over several settings belong to the instance."""

    class Odd(AdapterSettings):
        @model_validator(mode="after")
        def _together(self):
            raise ValueError("user and host do not fit")

    class OddParser(BankParser):
        Settings: ClassVar[type[AdapterSettings]] = Odd

    registry = Registry(parsers={"odd": Offer("odd", "odd", OddParser)})
    adapters = Adapters(registry, Kept(), clock, Installation())

    with pytest.raises(FieldInvalid) as refused:
        adapters.parser(1, "odd")

    assert str(refused.value) == "adapter odd: user and host do not fit"


def test_a_secret_among_the_tenants_settings_is_refused(build):
    """That table is not encrypted."""
    adapters = build(Kept(rows={(1, "my-bank"): {"user": "u", "pin": SECRET}}))

    with pytest.raises(Misconfigured) as refused:
        adapters.parser(1, "bank")

    assert refused.value.problem == ("the secret “pin” lies in clear among the tenant's settings")
    assert SECRET not in everything_said(refused.value)


def test_a_secret_shows_nowhere(build, caplog):
    """Neither in repr nor in an error, even where the plugin's own message quotes it."""
    caplog.set_level(logging.DEBUG)
    wrong = "pk_" + SECRET
    adapters = build(
        Kept(hidden={(1, "my-bank"): {"pin": SECRET}, (2, "my-bank"): {"pin": wrong}}),
        environment={"FAKTURA_MY_BANK__USER": "u", "FAKTURA_MY_BANK__TOKEN": SECRET},
    )
    adapter = adapters.parser(1, "bank")

    with pytest.raises(FieldInvalid) as refused:
        adapters.parser(2, "bank")

    said = [repr(adapters), repr(adapter), repr(adapter.settings), str(adapter.settings)]
    said += [repr(adapter.runtime), everything_said(refused.value), caplog.text]
    assert refused.value.problem == "********** does not begin with sk_"
    assert [text for text in said if SECRET in text] == []


def test_an_empty_secret_masks_nothing(build):
    """An empty text is part of every message."""
    adapters = build(file={"my-bank": {"user": "u", "pin": ""}})

    with pytest.raises(FieldInvalid) as refused:
        adapters.parser(1, "bank")

    assert refused.value.problem == " does not begin with sk_"


def test_without_a_database_nothing_is_kept(clock):
    """For looking into a file: settings of the installation, state that ends with the process."""
    adapters = Adapters(REGISTRY, NothingKept(), clock, Installation(file={"my-bank": COMPLETE}))

    parser = adapters.parser(0, "bank")
    parser.runtime.state.put("cursor", {"page": 2})

    assert bank_settings(parser).user == "u"
    assert parser.runtime.state.get("cursor") == {"page": 2}
    assert adapters.listener(0, "my-bank.Bell").runtime.state.get("cursor") is None


def test_the_settings_of_a_plugin_and_its_secrets_are_known_by_name():
    """What `plugins set` asks for; an optional secret is one as well."""
    assert setting_names(REGISTRY, "my-bank") == ["limit", "pin", "rates", "token", "tone", "user"]
    assert setting_names(REGISTRY, "paper") == []
    assert is_secret(REGISTRY, "my-bank", "pin")
    assert is_secret(REGISTRY, "my-bank", "token")
    assert not is_secret(REGISTRY, "my-bank", "user")
    assert variable("my-bank", "api_key") == "FAKTURA_MY_BANK__API_KEY"


class SafeSettings(AdapterSettings):
    """Secrets in every shape an author may write."""

    phrase: Annotated[SecretStr, Field(min_length=4)] | None = None
    keys: tuple[SecretStr, ...] | None = None
    by_name: Mapping[str, SecretStr] = Field(default_factory=dict)
    user: str | None = None


def test_a_secret_is_one_however_deep_its_type_lies():
    """Else `plugins set` would keep it in clear."""
    assert secret_fields(SafeSettings) == {"phrase", "keys", "by_name"}


def test_an_optional_text_may_begin_with_a_bracket():
    """A password is no list, whatever sign it begins with."""
    variables = {"FAKTURA_SAFE__PHRASE": "[geheim", "FAKTURA_SAFE__USER": "{user}"}
    sources = Sources(tenant={}, secrets={}, environment=variables, file={})

    found = settings_for(SafeSettings, "safe", sources)

    assert isinstance(found, SafeSettings)
    assert found.phrase == SecretStr("[geheim")
    assert found.user == "{user}"


def everything_said(error: FakturaError) -> str:
    """The error in every form it can reach a log or a screen, its chain included."""
    return "".join(
        (
            str(error),
            repr(error),
            repr(error.as_dict()),
            repr(error.__context__),
            *traceback.format_exception(error),
        )
    )
