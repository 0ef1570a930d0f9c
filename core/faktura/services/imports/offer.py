"""What a contract may refer to: customers, projects and the articles of its project (F020, F049)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from faktura.domain.articles import Article
from faktura.domain.customers import Customer
from faktura.kernel.errors import FieldInvalid, NotFound
from faktura.services.ledger_accounts import account_length, check_digits
from faktura.services.projects import choose_project
from faktura.store.articles import SoldArticle, articles_by_number
from faktura.store.catalogue import Project, list_projects, read_product_groups
from faktura.store.customers import read_customers_by_number
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Offer:
    """Everything that exists already, by the names that files use.

    `account_digits` is how many a ledger account has.
    """

    customers: Mapping[str, Customer]
    projects: Mapping[str, Project]
    articles: Mapping[str, SoldArticle]
    account_digits: int
    groups: frozenset[str] = frozenset()

    def customer(self, number: str) -> Customer:
        """The customer; raises NotFound."""
        if number not in self.customers:
            raise NotFound(
                f"there is no customer “{number}”",
                place="customerNumber",
                mend="Add the customer first",
            )
        return self.customers[number]

    def project(self, key: str | None) -> Project:
        """The project; where none is named, the only one (F020). Raises FieldMissing, NotFound."""
        return choose_project(self.projects, key)

    def article(self, number: str, project_id: UUID) -> Article:
        """An article that the project sells; raises NotFound, FieldInvalid."""
        sold = self.articles.get(number)
        if sold is None:
            raise NotFound(
                f"there is no article “{number}”",
                place="articleNumber",
                mend="Add it to the catalogue first",
            )
        if sold.project is not None and sold.project.id != project_id:
            raise FieldInvalid(
                f"article {number} belongs to another project",
                place="articleNumber",
                mend="Use an article of the contract's project, or name the article's project",
            )
        return sold.article

    def ledger_account(self, number: str | None) -> str | None:
        """The account of a line's revenue; raises FieldInvalid, as what is posted stays (F042)."""
        if number is not None:
            check_digits(number, self.account_digits, field="ledgerAccount")
        return number


def read_offer(
    tx: Tx,
    *,
    customers: Iterable[str] = (),
    articles: Iterable[str] = (),
    groups: Iterable[str] = (),
    projects: Collection[UUID] | None = None,
) -> Offer:
    """The offer with those of the named customers, articles and product groups that exist.

    `projects` are those that whoever asks may see; None means all.
    """
    return Offer(
        read_customers_by_number(tx, customers),
        {project.key: project for project in list_projects(tx, projects=projects)},
        articles_by_number(tx, articles),
        account_length(tx),
        _existing_groups(tx, frozenset(groups)),
    )


def _existing_groups(tx: Tx, named: frozenset[str]) -> frozenset[str]:
    return named & frozenset(read_product_groups(tx)) if named else named
