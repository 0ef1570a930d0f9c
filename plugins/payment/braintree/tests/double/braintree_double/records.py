"""What the double keeps: sales, means of payment, nonces, customers, request keys, disputes."""

from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel, Field


class Charge(BaseModel):
    """A transaction; `moments` are when it came into a state."""

    id: str
    type: str = "sale"
    status: str
    amount: Decimal
    currency: str
    order_id: str = ""
    merchant_account: str
    instrument: str = "credit_card"
    number: str = ""
    brand: str = ""
    token: str = ""
    customer: str = ""
    custom_fields: dict[str, str] = Field(default_factory=dict)
    source: str = ""
    response_type: str = "approved"
    response_code: str = "1000"
    response_text: str = "Approved"
    settlement_code: str = ""
    settlement_text: str = ""
    rejection: str = ""
    refunded: str = ""
    with_key: bool = False
    created_at: datetime
    updated_at: datetime
    moments: dict[str, datetime] = Field(default_factory=dict)

    @property
    def has_money(self) -> bool:
        """Whether it took money, or will by itself."""
        return self.status in {
            "authorized",
            "submitted_for_settlement",
            "settlement_pending",
            "settling",
            "settled",
        }


class Means(BaseModel):
    """A card or PayPal agreement in the vault."""

    token: str
    customer: str
    kind: str = "card"
    number: str = "4111111111111111"
    brand: str = "Visa"
    month: int = 12
    year: int = 2030
    email: str = ""
    revoked_at: datetime | None = None

    @property
    def id(self) -> str:
        """Its token."""
        return self.token


class Nonce(BaseModel):
    """What the browser got for card data or a PayPal login: good once, for three hours."""

    id: str
    made_at: datetime
    kind: str = "card"
    number: str = "4111111111111111"
    brand: str = "Visa"
    email: str = ""
    agreement: bool = True
    used: bool = False


class Customer(BaseModel):
    """A customer; the vault's means hang on it."""

    id: str
    company: str = ""
    email: str = ""


class Key(BaseModel):
    """A request key: what was asked under it, and what became of it."""

    key: str
    request: str
    made_at: datetime
    state: str = "running"
    charge: str = ""

    @property
    def id(self) -> str:
        """The key itself."""
        return self.key


class Dispute(BaseModel):
    """A dispute of a sale."""

    id: str
    charge: str
    kind: str = "chargeback"
    status: str = "open"
    amount: Decimal
    reason: str = "fraud"
    reason_code: str = "83"
    received_at: datetime
    updated_at: datetime
