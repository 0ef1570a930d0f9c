"""Connections to banks over a feed as the API shows them: accounts, and the state in two languages."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import Field

from faktura.domain.bank_connections import Errand
from faktura.domain.feed_status import FeedStatus, Severity, StatusAction, StatusCode, statuses
from faktura.domain.feed_words import action_line, status_line
from faktura.domain.tenants import Tenant
from faktura.kernel.bank_terms import FeedAccountState, FeedTaskKind, FeedTaskState
from faktura.kernel.clock import zone
from faktura.services.bank_connections import Shown
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import DecimalText, Moment


class ConnectedAccountAnswer(Answer):
    """An account of a connection."""

    account: str = Field(description="The feed's id of it; it stays, the IBAN may come and go.")
    iban: str | None = Field(description="The last IBAN the feed named.")
    name: str = Field(description="What a person calls it.")
    currency: str | None = Field(description="ISO 4217 code, where the feed names it.")
    balance: DecimalText | None = Field(description="Its balance as the feed knows it.")
    state: FeedAccountState = Field(description="How its last download ended.")
    linked_to: str | None = Field(
        description="The IBAN of the bank account that it brings movements to; null: none."
    )


class StatusAnswer(Answer):
    """A line about a connection's state."""

    code: StatusCode
    severity: Severity
    action: StatusAction = Field(description="What a person can do about it.")
    text_de: str = Field(description="The line in German.")
    text_en: str = Field(description="The line in English.")
    action_de: str = Field(description="What to do, in German; empty: nothing.")
    action_en: str = Field(description="What to do, in English; empty: nothing.")
    form: str | None = Field(description="The bank's form, where one waits for a person.")

    @classmethod
    def of(cls, status: FeedStatus, tenant: Tenant) -> Self:
        """The answer."""
        local = zone(tenant.time_zone)
        return cls(
            code=status.code,
            severity=status.severity,
            action=status.action,
            text_de=status_line(status, "de", local),
            text_en=status_line(status, "en", local),
            action_de=action_line(status.action, "de"),
            action_en=action_line(status.action, "en"),
            form=status.url or None,
        )


class BankConnectionAnswer(Answer):
    """A connection to a bank over a feed."""

    connection_id: UUID = Field(description="What names the connection in addresses.")
    instance: str = Field(description="The access it is connected over.")
    bank: str = Field(description="The bank's name.")
    bic: str | None = Field(description="The bank's BIC.")
    succeeded_at: Moment | None = Field(description="When everything was fetched last.")
    next_at: Moment | None = Field(description="When it is fetched by itself; null: not at all.")
    consent_until: Moment | None = Field(description="When the bank's consent runs out.")
    ended_at: Moment | None = Field(description="When it ended; null: it lives.")
    accounts: list[ConnectedAccountAnswer] = Field(description="Its accounts, by the feed's id.")
    statuses: list[StatusAnswer] = Field(description="Its state, in order of the causes.")

    @classmethod
    def of(cls, one: Shown, tenant: Tenant, now: datetime) -> Self:
        """The answer."""
        connection = one.connection
        return cls(
            connection_id=connection.id,
            instance=connection.instance,
            bank=connection.bank_name,
            bic=connection.facts.bic,
            succeeded_at=connection.succeeded_at,
            next_at=connection.next_at,
            consent_until=connection.facts.consent_until,
            ended_at=connection.ended_at,
            accounts=[
                ConnectedAccountAnswer(
                    account=account.reference,
                    iban=account.facts.iban,
                    name=account.label,
                    currency=account.facts.currency,
                    balance=account.facts.balance,
                    state=account.facts.state,
                    linked_to=None
                    if account.bank_account_id is None
                    else one.ibans[account.bank_account_id],
                )
                for account in one.view.accounts
            ],
            statuses=[StatusAnswer.of(status, tenant) for status in statuses(one.view, now)],
        )


class ErrandAnswer(Answer):
    """What a bank feed was asked for; it goes on in the background."""

    kind: FeedTaskKind
    state: FeedTaskState = Field(description="FORM_NEEDED: a person opens the form.")
    form: str | None = Field(description="Open it in a browser; it can be used once.")
    form_until: Moment | None = Field(description="Until when the form can be used.")

    @classmethod
    def of(cls, errand: Errand) -> Self:
        """The answer."""
        return cls(
            kind=errand.kind,
            state=errand.state,
            form=errand.facts.url or None,
            form_until=errand.facts.url_until,
        )
