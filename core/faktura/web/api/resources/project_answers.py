"""Projects as the API shows them."""

from typing import Self

from pydantic import Field

from faktura.store.catalogue import Project
from faktura.web.api.replies import Answer


class ProjectAnswer(Answer):
    """A brand or product line of the tenant."""

    key: str = Field(description="What names it everywhere.")
    name: str = Field(description="The name, for people.")
    api_enabled: bool = Field(description="Whether keys reach it (F114).")

    @classmethod
    def of(cls, project: Project) -> Self:
        """The answer."""
        return cls(key=project.key, name=project.name, api_enabled=project.api_enabled)
