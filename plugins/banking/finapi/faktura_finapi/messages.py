"""finAPI's objects as far as they are read; what else they hold, today or later, is left alone.

Words of a closed list are texts here: finAPI adds new ones without notice (1.2).
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from faktura.kernel.errors import AmountUnreadable, FileUnreadable

_LARGEST = Decimal(10) ** 15
_MOST_PLACES = 5


def _amount(value: object) -> object:
    """A JSON number as it was written; pydantic would take texts, too, and true for 1."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    if not isinstance(value, Decimal) or not value.is_finite():
        raise ValueError("this is no number")
    exponent = value.as_tuple().exponent
    if abs(value) >= _LARGEST or not isinstance(exponent, int) or exponent < -_MOST_PLACES:
        raise ValueError("this is no amount of money")
    return value


def _id(value: object) -> object:
    """An id as text, whether finAPI writes a number or a text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


Amount = Annotated[Decimal, BeforeValidator(_amount)]
Id = Annotated[str, BeforeValidator(_id)]
# People are sent there: no other kind of address gets through.
Url = Annotated[str, Field(pattern=r"^https?://[^\s\x00-\x1f\x7f-\x9f]+$")]


class Message(BaseModel):
    """Base of what finAPI says."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _without_nothing(cls, said: object) -> object:
        # What is null is what is left out.
        if isinstance(said, Mapping):
            return {name: _whole(value) for name, value in said.items() if value is not None}
        return said


def _whole(value: object) -> object:
    """A text without halves of signs, as where finAPI cuts one off, and without NUL."""
    if not isinstance(value, str):
        return value
    written = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return written.replace("\x00", "\ufffd")


M = TypeVar("M", bound=Message)


class TokenSaid(Message):
    """A token; `expires_in` are seconds, 0 for never."""

    access_token: SecretStr
    refresh_token: SecretStr | None = None
    expires_in: int = 0


class UserSaid(Message):
    """A new user; the password is told this once."""

    id: str
    password: SecretStr


class FormInfoSaid(Message):
    """The form that a task waits for."""

    id: str
    url: Url
    status: str = ""


class PayloadSaid(Message):
    """What a task or a form came to."""

    bankConnectionId: Id | None = None  # noqa: N815 - finAPI's names
    webForm: FormInfoSaid | None = None  # noqa: N815
    errorCode: str | None = None  # noqa: N815
    errorMessage: str | None = None  # noqa: N815


class TaskSaid(Message):
    """An update that runs, or ran."""

    id: str
    status: str
    payload: PayloadSaid = PayloadSaid()


class FormSaid(Message):
    """A web form."""

    id: str
    url: Url | None = None
    status: str
    expiresAt: AwareDatetime | None = None  # noqa: N815
    payload: PayloadSaid = PayloadSaid()


class ResultSaid(Message):
    """How the last login at the bank ended."""

    result: str
    errorMessage: str | None = None  # noqa: N815
    errorType: str | None = None  # noqa: N815
    timestamp: AwareDatetime


class ConsentSaid(Message):
    """Whether the bank lets finAPI in without a person."""

    status: str
    expiresAt: AwareDatetime | None = None  # noqa: N815


class InterfaceSaid(Message):
    """One way to the bank."""

    aisConsent: ConsentSaid | None = None  # noqa: N815
    lastManualUpdate: ResultSaid | None = None  # noqa: N815
    lastAutoUpdate: ResultSaid | None = None  # noqa: N815
    userActionRequired: bool = False  # noqa: N815


class BankSaid(Message):
    """The bank of a connection."""

    name: str = ""
    bic: str | None = None


class ConnectionSaid(Message):
    """A connection; it is busy until `updateStatus` is READY."""

    id: Id
    name: str | None = None
    updateStatus: str = "READY"  # noqa: N815
    interfaces: tuple[InterfaceSaid, ...] = ()
    bank: BankSaid = BankSaid()


class ConnectionsSaid(Message):
    """All connections of a user."""

    connections: tuple[ConnectionSaid, ...]


class AccountInterfaceSaid(Message):
    """How the last download of an account ended."""

    status: str = ""
    lastSuccessfulUpdate: AwareDatetime | None = None  # noqa: N815
    lastUpdateAttempt: AwareDatetime | None = None  # noqa: N815


class AccountSaid(Message):
    """An account; its IBAN comes and goes."""

    id: Id
    bankConnectionId: Id  # noqa: N815
    accountName: str | None = None  # noqa: N815
    iban: str | None = None
    accountNumber: str | None = None  # noqa: N815
    accountHolderName: str | None = None  # noqa: N815
    accountCurrency: str | None = None  # noqa: N815
    balance: Amount | None = None
    isSeized: bool = False  # noqa: N815
    interfaces: tuple[AccountInterfaceSaid, ...] = ()


class AccountsSaid(Message):
    """All accounts of a user."""

    accounts: tuple[AccountSaid, ...]


class TransactionSaid(Message):
    """A booking; amounts are signed as finAPI writes them."""

    id: Id
    parentId: Id | None = None  # noqa: N815
    accountId: Id  # noqa: N815
    valueDate: date | None = None  # noqa: N815
    bankBookingDate: date  # noqa: N815
    amount: Amount
    currency: str | None = None
    purpose: str | None = None
    counterpartName: str | None = None  # noqa: N815
    counterpartIban: str | None = None  # noqa: N815
    counterpartAccountNumber: str | None = None  # noqa: N815
    counterpartBic: str | None = None  # noqa: N815
    counterpartMandateReference: str | None = None  # noqa: N815
    counterpartCreditorId: str | None = None  # noqa: N815
    endToEndReference: str | None = None  # noqa: N815
    differentDebitor: str | None = None  # noqa: N815
    differentCreditor: str | None = None  # noqa: N815
    type: str | None = None
    typeCodeZka: Id | None = None  # noqa: N815
    sepaPurposeCode: str | None = None  # noqa: N815
    bankTransactionCode: str | None = None  # noqa: N815
    isPotentialDuplicate: bool = False  # noqa: N815
    isAdjustingEntry: bool = False  # noqa: N815
    compensationAmount: Amount | None = None  # noqa: N815
    originalAmount: Amount | None = None  # noqa: N815
    originalCurrency: str | None = None  # noqa: N815
    feeAmount: Amount | None = None  # noqa: N815
    feeCurrency: str | None = None  # noqa: N815


class PagingSaid(Message):
    """Where in a list we are; pages count from 1."""

    page: int
    pageCount: int  # noqa: N815


class TransactionsSaid(Message):
    """A page of bookings."""

    transactions: tuple[TransactionSaid, ...]
    paging: PagingSaid


def read(kind: type[M], said: Mapping[str, object], place: str) -> M:
    """The object, if it has what is read of it.

    Raises AmountUnreadable for an amount, FileUnreadable for everything else, with the field.
    """
    try:
        return kind.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        is_amount = where.rpartition(".")[2].lower().endswith(("amount", "balance"))
        wrong = AmountUnreadable if is_amount else FileUnreadable
        raise wrong(f"{where}: {first['msg']}", place=place) from None
