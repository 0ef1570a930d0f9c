"""What a contract may refer to: customers, projects and the articles of its project (F020, F049)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from faktura.domain.articles import Article
from faktura.domain.customers import Customer
from faktura.kernel.errors import FieldInvalid, FieldMissing, NotFound, shortened
from faktura.store.catalogue import Project, article_projects, read_catalogue, read_projects
from faktura.store.customers import read_customers_by_number
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Offer:
    """Everything that exists already, by the names that files use."""

    customers: Mapping[str, Customer]
    projects: Mapping[str, Project]
    articles: Mapping[str, Article]
    article_projects: Mapping[UUID, UUID]

    def customer(self, number: str) -> Customer:
        """The customer; raises NotFound."""
        if number not in self.customers:
            raise NotFound(
                f"there is no customer “{number}”",
                place="customerNumber",
                mend="Import the customer first",
            )
        return self.customers[number]

    def project(self, key: str | None) -> Project:
        """The project; where none is named, the only one (F020). Raises FieldMissing, NotFound."""
        known = shortened(", ".join(sorted(self.projects)))
        if key is None:
            if len(self.projects) == 1:
                return next(iter(self.projects.values()))
            raise FieldMissing(
                f"there are {len(self.projects)} projects",
                place="project",
                mend=f"Name one of {known}" if known else "Import a catalogue first",
            )
        if key not in self.projects:
            raise NotFound(f"there is no project “{key}”", place="project", mend=f"Known: {known}")
        return self.projects[key]

    def article(self, number: str, project_id: UUID) -> Article:
        """An article that the project sells; raises NotFound, FieldInvalid."""
        article = self.articles.get(number)
        if article is None:
            raise NotFound(
                f"there is no article “{number}”",
                place="articleNumber",
                mend="Import it with the catalogue first",
            )
        if self.article_projects.get(article.id, project_id) != project_id:
            raise FieldInvalid(
                f"article {number} belongs to another project",
                place="articleNumber",
                mend="Use an article of the contract's project",
            )
        return article


def read_offer(tx: Tx, customer_numbers: Iterable[str]) -> Offer:
    """The offer with those of the customers that exist."""
    return Offer(
        read_customers_by_number(tx, customer_numbers),
        read_projects(tx),
        read_catalogue(tx).by_number,
        article_projects(tx),
    )
