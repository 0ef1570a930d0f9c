"""faktura catalogue: import and list what is sold, add prices."""

from pathlib import Path

import click

from faktura.cli.imports import dry_run_option, file_argument, imported
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_record, print_records, say
from faktura.cli.session import running


@click.group()
def catalogue() -> None:
    """Import and list projects, product groups and articles, add prices."""


@catalogue.command("import")
@file_argument
@tenant_option
@dry_run_option
@json_option
def import_command(*, file: Path, tenant: str | None, dry_run: bool, as_json: bool) -> None:
    """Import projects, tax groups, product groups and articles from a JSON FILE, or nothing."""
    from faktura.services.imports.catalogue import import_catalogue, read_catalogue_file

    receipt = imported(file, tenant, read_catalogue_file, import_catalogue, dry_run=dry_run)
    print_record(
        {
            "projects": receipt.projects,
            "taxGroups": receipt.tax_groups,
            "productGroups": receipt.product_groups,
            "articles": receipt.articles,
            "dryRun": dry_run,
        },
        as_json=as_json,
    )
    if dry_run:
        say("Nothing was written.", as_json=as_json)


@catalogue.command("prices")
@file_argument
@tenant_option
@dry_run_option
@json_option
def prices_command(*, file: Path, tenant: str | None, dry_run: bool, as_json: bool) -> None:
    """Add the prices of a JSON or CSV FILE to articles that exist, or none of them."""
    from faktura.services.imports.prices import add_prices, read_price_file

    receipt = imported(file, tenant, read_price_file, add_prices, dry_run=dry_run)
    print_record(
        {"articles": receipt.articles, "prices": receipt.prices, "dryRun": dry_run},
        as_json=as_json,
    )
    if dry_run:
        say("Nothing was written.", as_json=as_json)


@catalogue.command("delete-article")
@click.argument("number")
@tenant_option
@json_option
def delete_article_command(*, number: str, tenant: str | None, as_json: bool) -> None:
    """Delete the article NUMBER for good, if nothing refers to it: no contract, no activity."""
    from faktura.services.article_deletion import delete_article
    from faktura.services.catalogue_changes import locked_article

    with running() as app, app.database.write(app.tenant(tenant).id) as tx:
        gone = delete_article(tx, locked_article(tx, number)).article
    if as_json:
        print_json({"articleNumber": gone.number, "deleted": True})
        return
    say(f"Article {gone.number} is deleted.", as_json=False)


@catalogue.command("list")
@tenant_option
@click.option("--product-group", metavar="KEY", help="Only articles of this product group.")
@json_option
def list_command(*, tenant: str | None, product_group: str | None, as_json: bool) -> None:
    """List articles, by number (F049)."""
    from faktura.store.articles import ArticleFilter, list_articles

    wanted = ArticleFilter(product_group=product_group)
    with running() as app, app.database.read(app.tenant(tenant).id) as tx:
        articles = [sold.article for sold in list_articles(tx, wanted)]
    rows = [
        {
            "articleNumber": article.number,
            "name": article.name,
            "unit": article.unit,
            "productGroup": article.group.key,
            "taxGroup": article.group.tax_group.key,
            "recurring": article.recurring,
            "prices": [f"{price.unit_price} {price.currency}" for price in article.prices],
        }
        for article in articles
    ]
    columns = ("articleNumber", "name", "unit", "productGroup", "recurring", "prices")
    print_records(rows, columns=columns, as_json=as_json)
