"""What mails say, through the REST door."""

import pytest

from faktura.domain.api_keys import Scope

ONE = "/MailTexts/INVOICE/de"


async def test_texts_are_listed_and_shown(nord):
    """Ten uses in two languages ship."""
    listed = (await nord.get("/MailTexts")).json["data"]
    shown = await nord.get(ONE)

    assert len(listed) == 20
    assert shown.json == listed[0]
    assert (shown.json["use"], shown.json["own"], shown.json["changedAt"]) == (
        "INVOICE",
        False,
        None,
    )
    assert shown.headers["ETag"]


async def test_a_text_is_changed_part_by_part_and_forgotten(nord):
    """The world is looked at on 31 October 2026, at nine in Berlin."""
    changed = await nord.patch(ONE, {"subject": "Nr. {{ document.number }}", "html": None})
    shown = await nord.get(ONE)
    forgotten = await nord.delete(ONE)

    assert changed.status == 200
    assert changed.json == shown.json
    assert (shown.json["own"], shown.json["html"]) == (True, "")
    assert shown.json["subject"] == "Nr. {{ document.number }}"
    assert shown.json["plain"].startswith("Guten Tag")
    assert forgotten.json["own"] is False
    assert (await nord.delete(ONE)).status == 404


async def test_a_text_in_a_new_language_begins_as_the_english_one(nord):
    assert (await nord.get("/MailTexts/INVOICE/fr")).status == 404

    made = await nord.patch("/MailTexts/INVOICE/fr", {"subject": "Facture"})

    assert (made.status, made.json["language"], made.json["subject"]) == (200, "fr", "Facture")
    assert made.json["plain"].startswith("Dear ")


async def test_a_broken_text_is_refused_with_its_field_line_and_column(nord):
    """Nothing is kept of it."""
    answer = await nord.patch(ONE, {"plain": "Hallo\n{{ customer.nmae }}"})
    several = await nord.patch(ONE, {"subject": "{{ a }}", "html": "<script>"})

    assert (answer.status, answer.json["errorKey"]) == (422, "template_refused")
    assert answer.json["field"] == "/plain"
    assert answer.json["errorMessage"] == "line 2, column 12: there is no “nmae”"
    assert answer.json["mend"] == "There are contact, name and number"
    assert [one["field"] for one in several.json["errors"]] == ["/subject", "/html"]
    assert (await nord.get(ONE)).json["own"] is False


async def test_a_change_of_another_state_is_refused(nord):
    """Whoever saw an older text does not overwrite a newer one."""
    seen = (await nord.get(ONE)).headers["ETag"]
    await nord.patch(ONE, {"subject": "A"})

    late = await nord.patch(ONE, {"subject": "B"}, If_Match=seen)

    assert late.status == 412


async def test_a_draft_is_previewed_with_sample_values_and_not_kept(nord):
    applies = await nord.post(f"{ONE}/preview", {})
    draft = await nord.post(
        f"{ONE}/preview", {"subject": "{{ document.gross }}", "html": "<p>{{ customer.name }}</p>"}
    )
    broken = await nord.post(f"{ONE}/preview", {"plain": "{{ x }}"})

    assert applies.json["subject"] == "Ihre Rechnung RE-000123 von Nordwind Energie GmbH"
    assert draft.json["subject"] == "1.071,00 EUR"
    assert draft.json["html"] == "<p>Müller &amp; Söhne &lt;Bau&gt; KG</p>"
    assert broken.json["field"] == "/plain"
    assert (await nord.get(ONE)).json["own"] is False


async def test_variables_are_listed_of_one_use_or_all(nord):
    of_one = (await nord.get("/MailTextVariables?use=DUNNING")).json["data"]
    of_all = (await nord.get("/MailTextVariables")).json["data"]
    unknown = await nord.get("/MailTextVariables?use=ADVERTISING")

    assert {
        "use": "DUNNING",
        "name": "notice.total",
        "kind": "MONEY",
        "about": "what is to be paid in all",
    } in of_one
    assert {one["use"] for one in of_all} >= {"INVOICE", "WEBHOOK_DISABLED"}
    assert (unknown.status, unknown.json["field"]) == (422, "use")


@pytest.mark.parametrize("path", ["/MailTexts/ADVERTISING/de", "/MailTexts/invoice/de"])
async def test_a_use_that_does_not_exist_is_not_found(nord, path):
    assert (await nord.get(path)).json["errorKey"] == "not_found"
    assert (await nord.patch(path, {"subject": "x"})).status == 404


async def test_a_language_that_does_not_exist_is_refused(nord):
    answer = await nord.patch("/MailTexts/INVOICE/deutsch", {"subject": "x"})

    assert (answer.status, answer.json["errorKey"]) == (422, "field_invalid")


async def test_each_tenant_has_texts_of_their_own(nord, sued):
    """The same address is another text for each."""
    await nord.patch(ONE, {"subject": "Nord"})

    assert (await sued.get(ONE)).json["own"] is False
    assert (await sued.delete(ONE)).status == 404
    assert (await sued.post(f"{ONE}/preview", {})).json["subject"].startswith("Ihre Rechnung")
    assert (await nord.get(ONE)).json["subject"] == "Nord"


async def test_texts_need_the_scope_of_mails(calling):
    reader = calling("nord", scopes=frozenset({Scope.MAILS_READ}))
    stranger = calling("nord", scopes=frozenset({Scope.CUSTOMERS_WRITE}))

    assert (await reader.get(ONE)).status == 200
    assert (await reader.post(f"{ONE}/preview", {})).status == 200
    assert (await reader.patch(ONE, {"subject": "x"})).status == 403
    assert (await stranger.get(ONE)).status == 403
    assert (await calling(None).get(ONE)).status == 401
