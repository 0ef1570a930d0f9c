"""The settings of the mail server: those of the instance `smtp`, a tenant's own before all others."""

import re
from enum import StrEnum, unique
from typing import Annotated, cast

from pydantic import Field, SecretStr, field_validator, model_validator

from faktura.hub.adapters import Adapters
from faktura.hub.settings import settings_for
from faktura.plugin import AdapterSettings

INSTANCE = "smtp"

_HOST = re.compile(
    r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|[0-9a-f:]*:[0-9a-f:.]+"
)


@unique
class SmtpSecurity(StrEnum):
    """How the way to the server is protected: TLS from the first byte, or STARTTLS, always demanded."""

    TLS = "TLS"
    STARTTLS = "STARTTLS"
    NONE = "NONE"


_PORTS = {SmtpSecurity.TLS: 465, SmtpSecurity.STARTTLS: 587, SmtpSecurity.NONE: 25}


def _checked_host(text: str) -> str:
    host = text.strip().lower()
    if host and (len(host) > 253 or _HOST.fullmatch(host) is None):
        raise ValueError("it is no name of a host; write it as in smtp.example.com")
    return host


class SmtpSettings(AdapterSettings):
    """Where mails are handed over; without a `host` they are written to a folder.

    `port` 0 is the usual one of the security. `hello` is the name we give ourselves, by default the
    machine's. With a `bounce_domain` each mail has an envelope sender of its own there, so that what
    comes back names its mail.
    """

    host: str = ""
    port: Annotated[int, Field(ge=0, le=65_535)] = 0
    security: SmtpSecurity = SmtpSecurity.STARTTLS
    user: str = ""
    password: SecretStr = SecretStr("")
    connections: Annotated[int, Field(ge=1, le=32)] = 4
    hello: str = ""
    bounce_domain: str = ""

    _hosts = field_validator("host", "hello", "bounce_domain")(_checked_host)

    @field_validator("security", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @model_validator(mode="after")
    def _no_password_in_clear(self) -> "SmtpSettings":
        if self.password.get_secret_value() and not self.user:
            raise ValueError("a password needs its user")
        if self.user and self.security is SmtpSecurity.NONE:
            raise ValueError("user and password are not sent over an open connection")
        return self

    @property
    def port_in_use(self) -> int:
        """The port, or the usual one of the security."""
        return self.port or _PORTS[self.security]


def usual_port(security: str) -> int | None:
    """The port that stands for 0 with a security, in any case; None for a word that is none."""
    known = {one.value: port for one, port in _PORTS.items()}
    return known.get(security.upper())


def smtp_settings(adapters: Adapters, tenant_id: int) -> SmtpSettings:
    """The mail server of a tenant; raises FieldUnknown, FieldInvalid, Misconfigured."""
    found = settings_for(SmtpSettings, INSTANCE, adapters.sources(tenant_id, INSTANCE))
    # It gives what it was given the model of.
    return cast("SmtpSettings", found)
