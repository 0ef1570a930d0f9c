"""The base of all data that crosses the plugin border: frozen and strict about its fields."""

from pydantic import BaseModel, ConfigDict


class Dto(BaseModel):
    """Data at the border: immutable, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
