"""The pages as a browser gets them, German first."""

import hashlib
import html
import re

import pytest
from tests.services.company import TENANT, Company, opened
from tests.web.company import CARLA, HOSTILE, company_app
from tests.web.visits import Browser, visiting
from yarl import URL

from faktura.bootstrap import open_app
from faktura.services.users import add_member, create_user
from faktura.store.documents import read_document, read_renderings

NORD = "/admin/t/nord"
PAGES = (
    "/",
    "/admin",
    f"{NORD}/status",
    f"{NORD}/invoices",
    f"{NORD}/invoices/RE-000001",
    f"{NORD}/invoices/RE-000002",
    f"{NORD}/invoices/RE-000003",
)


async def text_of(browser: Browser, path: str, language: str = "de", status: int = 200) -> str:
    """What a reader sees: no tags, one blank between words, non-breaking ones included."""
    answer = await browser.get(
        path,
        headers={"Accept": "text/html", "Accept-Language": language},
        allow_redirects=False,
    )
    assert answer.status == status
    bare = re.sub(r"<[^>]*>", " ", await answer.text())
    return " ".join(html.unescape(bare).split())


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["de", "en"])
async def test_every_page_answers_in_both_languages(browser, path, language):
    """The page says which language it is in."""
    answer = await browser.get(path, params={"lang": language}, headers={"Accept": "text/html"})

    assert answer.status == 200
    assert answer.content_type == "text/html"
    assert f'<html lang="{language}">' in await answer.text()


async def test_the_status_page_shows_the_figures(browser):
    """5 customers, 3 documents, 97.10 open of which 71.40 overdue, one of each that waits."""
    shown = await text_of(browser, f"{NORD}/status")

    assert "Nordwind GmbH" in shown
    assert "Kunden 5 Aktive Verträge 5 Ausgestellte Belege 3" in shown
    assert "Offene Posten 97,10 € 2 Posten davon überfällig 71,40 € (1)" in shown
    assert "Stichtag 01.10.2026 Geplante Verträge 4 Abgerechnete Verträge 3" in shown
    assert "Belege daraus 3 In Quarantäne 1 Beendet 01.10.2026, 08:00" in shown
    assert "Ungeklärte Bankbewegungen 1 Verträge in Quarantäne 1 Gescheiterte Aufgaben 0" in shown
    assert "V-4 01.10.2026" in shown


async def test_the_chart_draws_a_bar_with_its_month_and_amount(browser):
    """99.90 in October and nothing in the eleven months before: one bar."""
    page = await (await browser.get(f"{NORD}/status")).text()

    assert page.count('<rect class="bar"') == 1
    assert "Okt 26: 99,90\N{NO-BREAK SPACE}€" in page
    assert page.count('class="month"') == 12


async def test_the_list_shows_where_each_payment_stands(browser):
    """Newest first; nothing open is a dash."""
    shown = await text_of(browser, f"{NORD}/invoices")

    third = "RE-000003 Ganz Bezahlt KG K-3 01.10.2026 15.10.2026 10,59 € – bezahlt"
    second = "RE-000002 Zahlt AG K-2 01.10.2026 30.11.2026 35,70 € 25,70 € teilweise bezahlt"
    first = f"RE-000001 {HOSTILE} K-1 01.10.2026 15.10.2026 71,40 € 71,40 € überfällig"
    assert f"{third} {second} {first}" in shown


async def test_the_list_speaks_english(browser):
    """Amounts and dates, too."""
    shown = await text_of(browser, f"{NORD}/invoices", "en")

    assert "RE-000002 Zahlt AG K-2 1 Oct 2026 30 Nov 2026 €35.70 €25.70 partly paid" in shown


async def test_a_search_keeps_its_words_and_says_when_it_finds_nothing(browser):
    """What was searched for stands in the field, escaped."""
    found = await (await browser.get(f"{NORD}/invoices", params={"q": ' "zahlt\0 '})).text()
    nothing = await text_of(browser, f"{NORD}/invoices?q=Nirgends")

    assert 'value="&#34;zahlt"' in found
    assert "Nichts gefunden zu „Nirgends“." in nothing


async def test_the_list_goes_on_below_the_last_number(browser, monkeypatch):
    """Cursor paging: the next page starts after the last number, whatever was issued meanwhile."""
    monkeypatch.setattr("faktura.web.admin.invoices._ROWS", 2)

    first = await (await browser.get(f"{NORD}/invoices", params={"q": "RE-", "lang": "en"})).text()
    link = re.search(r'rel="next" href="([^"]+)"', first)
    assert link is not None
    address = html.unescape(link[1])
    second = await (await browser.get(address)).text()

    assert address == f"{NORD}/invoices?q=RE-&after=RE-000002&lang=en"
    assert "RE-000003" in first
    assert "RE-000001" not in first
    assert "RE-000001" in second
    assert "Zahlt AG" not in second
    assert 'rel="next"' not in second


async def test_an_invoice_shows_what_was_issued(browser):
    """Parties, lines with their periods, VAT table, payment."""
    shown = await text_of(browser, f"{NORD}/invoices/RE-000001")

    assert f"Nordwind GmbH · Am Werk 1 · 10115 Berlin {HOSTILE} Hauptstr. 1 20095 Hamburg" in shown
    assert "Leistungszeitraum 01.10.2026 – 31.10.2026" in shown
    assert "1 Membership A-1 Membership by the month 01.10.2026 – 31.10.2026" in shown
    assert "2 Monate 30,00 € 19 % 60,00 €" in shown
    assert "Summe netto 60,00 € USt 19 % auf 60,00 € 11,40 € Rechnungsbetrag 71,40 €" in shown
    assert "IBAN DE02120300000000202051" in shown
    assert "Verwendungszweck RE-000001" in shown


@pytest.mark.parametrize(
    ("language", "terms"),
    [
        ("de", "Zahlbar ohne Abzug bis zum 15.10.2026."),
        ("en", "Payable without deduction by 15 Oct 2026."),
    ],
)
async def test_the_payment_terms_speak_the_pages_language(browser, language, terms):
    """They are told by the frozen day and method, not by a text."""
    assert terms in await text_of(browser, f"{NORD}/invoices/RE-000001", language)


async def test_an_invoice_explains_each_line(browser):
    """The stored derivation, recomputed (O10); it opens without a script."""
    page = await (await browser.get(f"{NORD}/invoices/RE-000001")).text()
    shown = await text_of(browser, f"{NORD}/invoices/RE-000001")

    assert "<details>" in page
    assert "30,00 € × 2 = 60,00 €" in shown
    assert "Preis Listenpreis gültig ab 01.01.2020 Preis vom 01.10.2026" in shown
    assert "Umsatzsteuer 19 % · Regelsatz Steuersatz vom 31.10.2026" in shown
    assert "nachgerechnet: stimmt" in shown


async def test_an_invoice_shows_its_account_and_its_allocations(browser):
    """The payer's own text is kept (F092)."""
    shown = await text_of(browser, f"{NORD}/invoices/RE-000002")

    assert "teilweise bezahlt Noch offen 25,70 €" in shown
    assert "1 01.10.2026 Rechnung Rechnung RE-000002 35,70 € 35,70 €" in shown
    assert (
        "2 20.10.2026 Zahlungseingang Zahlung RE-000002 Rechnung RE-000002 −10,00 € 25,70 €"
    ) in shown
    assert "Buchung Betrag 1 2 Zahlung RE-000002 10,00 €" in shown
    assert "Noch keine Datei erzeugt." in shown


async def test_a_hostile_name_is_only_a_name(browser):
    """Escaped on every page that shows it: no element comes out of data."""
    for path in (f"{NORD}/invoices", f"{NORD}/invoices/RE-000001"):
        page = await (await browser.get(path)).text()

        assert "<script" not in page
        assert "&lt;script&gt;alert(&#34;K&#34;)&lt;/script&gt; &amp; Söhne" in page


async def test_the_stored_bytes_are_handed_out_unchanged(browser, app):
    """The file's hash is the one the page shows."""
    answer = await browser.get(f"{NORD}/invoices/RE-000001/file")
    content = await answer.read()
    page = await (await browser.get(f"{NORD}/invoices/RE-000001")).text()

    assert answer.status == 200
    assert answer.content_type == "application/xml"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="RE-000001.xml"'
    assert b"RE-000001" in content
    assert hashlib.sha256(content).hexdigest() in page


async def test_a_format_can_be_chosen(browser):
    """Where a document has several e-invoices; one that was not rendered is not there."""
    path = f"{NORD}/invoices/RE-000001/file"

    assert (await browser.get(path, params={"format": "xrechnung-cii"})).status == 200
    assert (await browser.get(path, params={"format": "xrechnung-ubl"})).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/admin/t/nowhere/status",
        f"{NORD}/invoices/RE-999999",
        f"{NORD}/invoices/RE-999999/file",
        f"{NORD}/invoices/RE-000002/file",
        f"{NORD}/nothing",
        "/nothing",
    ],
)
async def test_what_is_not_there_is_404(browser, path):
    """With a page that says so, not a reason that could name other things."""
    shown = await text_of(browser, path, status=404)

    assert "Das gibt es hier nicht." in shown
    assert "HTTP 404" in shown


async def test_no_tenant_sees_another(browser):
    """The same number is another document in another tenant; nothing of the one is on the other."""
    pages = {
        key: [
            await text_of(browser, f"/admin/t/{key}/{path}")
            for path in ("status", "invoices", "invoices?q=GmbH", "invoices/RE-000001")
        ]
        for key in ("nord", "sued")
    }
    nord = await (await browser.get("/admin/t/nord/invoices/RE-000001/file")).read()
    sued = await (await browser.get("/admin/t/sued/invoices/RE-000001/file")).read()

    assert all("Nordwind" in page for page in pages["nord"])
    assert all("Süd OHG" in page for page in pages["sued"])
    assert not any("Süd" in page or "297,50" in page for page in pages["nord"])
    assert not any("Nordwind" in page or "71,40" in page for page in pages["sued"])
    assert "297,50 €" in pages["sued"][3]
    assert b"297.50" in sued
    assert b"297.50" not in nord


async def test_several_tenants_are_chosen_from(browser):
    """A short address does not guess which one was meant."""
    shown = await text_of(browser, "/admin")
    short = await browser.get("/invoices/RE-000001", allow_redirects=False)

    assert "Nordwind GmbH nord Süd OHG sued" in shown
    assert (short.status, short.headers["Location"]) == (302, "/admin")


async def test_a_short_address_leads_into_the_only_tenant(tmp_path):
    """So that /status and /invoices work where there is one tenant, with what was asked for."""
    url = f"sqlite:///{tmp_path / 'one.db'}"
    database = opened(url)
    tenant = Company(database, TENANT).tenant
    with database.write(tenant.id) as tx:
        create_user(tx, "anna@werk.example")
        add_member(tx, "anna@werk.example")
    database.close()
    app = open_app({"FAKTURA_DATABASE_URL": url})
    try:
        async with visiting(app, "anna@werk.example") as browser:
            targets = [
                (await browser.get(path, allow_redirects=False)).headers["Location"]
                for path in ("/admin", "/status", "/invoices?q=a%26b", "/invoices/RE-1/file")
            ]
            empty = await text_of(browser, "/admin/t/werk/status")
            none = await text_of(browser, "/admin/t/werk/invoices")
    finally:
        app.close()

    assert targets == [
        "/admin/t/werk/status",
        "/admin/t/werk/status",
        "/admin/t/werk/invoices?q=a%26b",
        "/admin/t/werk/invoices/RE-1/file",
    ]
    assert "Noch wurde nichts berechnet." in empty
    assert "Noch kein Lauf." in empty
    assert "Alles ist ausgeglichen." in empty
    assert "Noch sind keine Belege ausgestellt." in none


async def test_who_is_no_member_yet_is_told_how_to_become_one(app):
    """A first sign-in is not an error; no tenant is named."""
    async with visiting(app, CARLA) as browser:
        shown = await text_of(browser, "/admin")

    assert "faktura users add carla@nord.example --tenant KEY" in shown
    assert "Nordwind" not in shown


async def test_changed_bytes_are_not_handed_out(tmp_path):
    """The stored hash decides; the page names the place to mend (IntegrityBroken)."""
    app = company_app(f"sqlite:///{tmp_path / 'broken.db'}", tmp_path)
    with app.database.read(app.tenant_id("nord")) as tx:
        document = read_document(tx, "RE-000001")
        (rendering,) = read_renderings(tx, [document.id])
    name = rendering.sha256.hex()
    (next((tmp_path / "content").rglob(name))).write_bytes(b"<other/>")
    try:
        async with visiting(app) as browser:
            shown = await text_of(browser, f"{NORD}/invoices/RE-000001/file", status=500)
    finally:
        app.close()

    assert name in shown
    assert "Restore them from a backup" in shown


async def test_links_keep_a_language_that_was_asked_for(browser):
    """Without cookies and scripts: `?lang=` goes along."""
    asked = await (await browser.get(f"{NORD}/invoices", params={"lang": "en"})).text()
    preferred = await (await browser.get(f"{NORD}/invoices")).text()

    assert f'href="{NORD}/invoices/RE-000001?lang=en"' in asked
    assert '<input type="hidden" name="lang" value="en">' in asked
    assert f'href="{NORD}/invoices/RE-000001"' in preferred


async def test_the_links_to_other_languages_never_lead_to_another_host(stranger):
    """A browser takes `//` at the beginning of a link for another host; only what is asked changes."""
    address = URL.build(path="//evil.example/x", query_string="q=1", encoded=True)

    answer = await stranger.get(address, headers={"Accept": "text/html"})

    assert answer.status == 404
    shown = html.unescape(await answer.text())
    assert 'href="?q=1&lang=en"' in shown
    assert "evil.example" not in shown
