"""The catalogue one at a time: made, listed, changed, priced anew (F045-F050)."""

from decimal import Decimal

import pytest
from tests.services.master_data.requests import asked, event_types, refused_parts

from faktura.kernel.errors import NotFound
from faktura.kernel.request_errors import Forbidden
from faktura.services.catalogue_changes import (
    changed_article,
    locked_article,
    repriced_article,
    visible_article,
)
from faktura.services.imports.catalogue import (
    create_article,
    create_product_group,
    create_project,
    create_tax_group,
)
from faktura.services.imports.catalogue_file import (
    ArticleFields,
    ProductGroupFields,
    ProjectFields,
    TaxGroupFields,
)
from faktura.services.imports.price_fields import NewPricesFields
from faktura.store.articles import ArticleFilter, list_articles
from faktura.store.catalogue import (
    CurrentCatalogue,
    list_product_groups,
    list_projects,
    list_tax_groups,
    read_projects,
)

BOX = {
    "articleNumber": "BOX",
    "name": "Box",
    "productGroup": "hosting",
    "unit": "MONTH",
    "supply": "GOODS",
    "prices": [{"unitPrice": "20"}],
}


def by_number(catalogue):
    """The articles of a catalogue by their numbers."""
    return {one.number: one for one in catalogue.articles.values()}


def create(house, projects=None, **changes: object):
    """An article as a request asks for it."""
    fields = asked(ArticleFields, {**BOX, **changes})
    return house.write(create_article, house.tenant, fields, projects)


def change(house, number, patch, projects=None):
    """Lock, then change, as a request does it."""
    return house.write(lambda tx: changed_article(tx, locked_article(tx, number, projects), patch))


def reprice(house, number, *prices: dict[str, object]):
    """Lock, then add prices, as a request does it."""
    fields = asked(NewPricesFields, {"prices": list(prices)})
    return house.write(
        lambda tx: repriced_article(tx, house.tenant, locked_article(tx, number), fields)
    )


@pytest.fixture
def shops(house):
    """The catalogue with a second project."""
    house.write(create_project, house.tenant, asked(ProjectFields, {"key": "shop", "name": "Shop"}))
    return house


def only(house, key):
    """What a key of that project reaches."""
    return {house.read(read_projects)[key].id}


def test_each_part_of_a_catalogue_is_made_alone(empty_house):
    """One after the other, each naming what was made before."""
    tenant = empty_house.tenant
    project = empty_house.write(
        create_project, tenant, asked(ProjectFields, {"key": "shop", "name": "Shop"})
    )
    tax = empty_house.write(
        create_tax_group,
        tenant,
        asked(
            TaxGroupFields,
            {
                "key": "full",
                "case": "STANDARD",
                "rates": [{"validFrom": "2021-01-01", "rate": "19"}],
            },
        ),
    )
    group = empty_house.write(
        create_product_group,
        tenant,
        asked(ProductGroupFields, {"key": "hosting", "name": "Hosting", "taxGroup": "full"}),
    )

    sold = create(empty_house, project="shop")

    assert empty_house.read(list_projects) == [project]
    assert empty_house.read(list_tax_groups) == [tax]
    assert empty_house.read(list_product_groups) == [group]
    assert empty_house.read(visible_article, "BOX") == sold
    assert (sold.article.group, sold.project, sold.changes) == (group, project, 0)
    assert empty_house.read(event_types, 1) == ["ITEM_CREATED"]


def test_what_is_wrong_with_one_part_is_told_with_its_path(house):
    """Keys that are taken, names of what does not exist, prices of which none would decide."""
    tenant = house.tenant
    project = asked(ProjectFields, {"key": "cloud", "name": "Again"})
    tax = asked(TaxGroupFields, {"key": "full", "case": "SMALL_BUSINESS"})
    group = asked(ProductGroupFields, {"key": "hosting", "name": "Again", "taxGroup": "none"})
    prices = [{"unitPrice": "1"}, {"unitPrice": "2"}]

    assert refused_parts(lambda: house.write(create_project, tenant, project)) == [
        ("number_taken", "key")
    ]
    assert refused_parts(lambda: house.write(create_tax_group, tenant, tax)) == [
        ("number_taken", "key")
    ]
    assert refused_parts(lambda: house.write(create_product_group, tenant, group)) == [
        ("number_taken", "key"),
        ("not_found", "taxGroup"),
    ]
    assert refused_parts(
        lambda: create(
            house, articleNumber="WEB-M", productGroup="none", project="none", prices=prices
        )
    ) == [
        ("number_taken", "articleNumber"),
        ("not_found", "productGroup"),
        ("not_found", "project"),
        ("field_invalid", "prices.2"),
    ]


def test_who_reaches_one_project_makes_articles_of_it_alone(shops):
    """F049, F114: an article without a project would be sold by the others, too."""
    shop = only(shops, "shop")

    made = create(shops, shop, project="shop")
    unsaid = refused_parts(lambda: create(shops, shop, articleNumber="B2"))
    beyond = refused_parts(lambda: create(shops, shop, articleNumber="B3", project="cloud"))

    assert made.project is not None
    assert made.project.key == "shop"
    assert unsaid == [("field_missing", "project")]
    assert beyond == [("not_found", "project")]


def test_articles_are_listed_by_what_is_asked_for(shops):
    """F049: by project, by product group, by part of a number or name, page by page, in reach."""
    create(shops, project="shop", name="A box of web")

    def numbers(wanted=None, **page: object):
        found = shops.read(list_articles, wanted or ArticleFilter(), **page)
        return [sold.article.number for sold in found]

    cloud, shop = only(shops, "cloud"), only(shops, "shop")
    assert numbers() == ["BOX", "SETUP", "USD-M", "USER", "WEB-M", "WEB-Y"]
    assert numbers(after="SETUP", limit=2) == ["USD-M", "USER"]
    assert numbers(ArticleFilter(projects=shop)) == ["BOX", "SETUP", "USD-M", "USER", "WEB-Y"]
    assert numbers(ArticleFilter(project_id=next(iter(cloud)))) == ["WEB-M"]
    assert numbers(ArticleFilter(search="web")) == ["BOX", "WEB-M", "WEB-Y"]
    assert numbers(ArticleFilter(search="web", projects=cloud)) == ["WEB-M", "WEB-Y"]
    assert numbers(ArticleFilter(product_group="hosting"), limit=1) == ["BOX"]
    assert numbers(ArticleFilter(product_group="none")) == []


def test_projects_and_groups_are_listed_page_by_page(shops):
    """By key; projects only those in reach."""
    assert [one.key for one in shops.read(list_projects, limit=1)] == ["cloud"]
    assert [one.key for one in shops.read(list_projects, after="cloud")] == ["shop"]
    assert [one.key for one in shops.read(list_projects, projects=only(shops, "shop"))] == ["shop"]
    assert shops.read(list_product_groups, after="hosting") == []
    assert shops.read(list_tax_groups, after="full") == []


def test_a_patch_changes_the_texts_of_an_article(house):
    """F050: number, unit, tax and prices stay; the price list has its own way to grow."""
    patch = {"name": "Hosting", "description": "100 GB", "costCentre": "KST 7"}
    change(house, "WEB-M", patch)

    change(house, "WEB-M", {"htmlDescription": "<b>100</b>", "costCentre": None})

    sold = house.read(visible_article, "WEB-M")
    assert (sold.article.name, sold.article.description) == ("Hosting", "100 GB")
    assert (sold.article.html_description, sold.article.cost_centre) == ("<b>100</b>", None)
    assert [price.unit_price for price in sold.article.prices] == [Decimal(30)]
    assert sold.changes == 2
    assert house.read(event_types, 2) == ["ITEM_CHANGED"]
    assert house.read(event_types, 3) == ["ITEM_CHANGED"]


def test_an_article_patch_that_changes_nothing_writes_nothing(house):
    """No event for a fact that is none."""
    same = change(house, "WEB-M", {"name": "Web hosting"})

    assert same.changes == 0
    assert house.read(event_types, 2) == []


def test_what_is_fixed_of_an_article_is_refused_by_name(house):
    """A patch of prices is told where they go."""
    fixed = refused_parts(lambda: change(house, "WEB-M", {"unit": "YEAR", "prices": []}))
    unnamed = refused_parts(lambda: change(house, "WEB-M", {"name": None}))

    assert fixed == [("field_invalid", "unit"), ("field_invalid", "prices")]
    assert unnamed == [("field_missing", "name")]


def test_who_keeps_the_catalogue_notices_every_change(house):
    """A billing run would print the old name, or bill the old price."""
    current = CurrentCatalogue()
    before = house.read(current.of)

    same = house.read(current.of)
    change(house, "WEB-M", {"name": "Hosting"})
    renamed = house.read(current.of)
    reprice(house, "WEB-M", {"unitPrice": "33", "validFrom": "2027-01-01"})
    repriced = house.read(current.of)
    create(house)
    grown = house.read(current.of)

    assert same is before
    assert by_number(renamed)["WEB-M"].name == "Hosting"
    assert len(by_number(repriced)["WEB-M"].prices) == 2
    assert "BOX" in by_number(grown)


def test_prices_of_one_article_are_added_behind_its_own(house):
    """F047: none is changed; one that would be valid like another is refused."""
    sold = reprice(house, "WEB-M", {"unitPrice": "33", "validFrom": "2027-01-01"})

    again = refused_parts(
        lambda: reprice(
            house, "WEB-M", {"unitPrice": "1"}, {"unitPrice": "34", "validFrom": "2027-01-01"}
        )
    )
    none = refused_parts(lambda: reprice(house, "WEB-M"))

    assert [price.unit_price for price in sold.article.prices] == [Decimal(30), Decimal(33)]
    assert sold.changes == 1
    assert again == [("field_invalid", "prices.1")]
    assert none == [("field_missing", "prices")]
    assert house.read(event_types, 2) == ["ITEM_CHANGED"]


def test_an_article_out_of_reach_does_not_exist(shops):
    """F049, F114: what every project sells may be seen by each, and changed by none of them."""
    shop, cloud = only(shops, "shop"), only(shops, "cloud")

    with pytest.raises(NotFound, match="there is no article WEB-M"):
        shops.read(visible_article, "WEB-M", shop)
    with pytest.raises(NotFound, match="there is no article NIX"):
        shops.read(visible_article, "NIX")
    with pytest.raises(Forbidden, match="USER is sold by every project"):
        change(shops, "USER", {"name": "Mine"}, shop)

    assert shops.read(visible_article, "USER", shop).article.name == "User"
    assert change(shops, "WEB-M", {"name": "Cloud"}, cloud).article.name == "Cloud"
