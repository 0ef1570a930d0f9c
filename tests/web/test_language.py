"""Which language a page is in, and that every text is there in both and used."""

import re
from pathlib import Path

import pytest
from aiohttp.test_utils import make_mocked_request

from faktura.domain.jobs import JobState
from faktura.domain.pay_links import PayState
from faktura.domain.payment_state import PaymentState
from faktura.kernel.payment_terms import CustomerReason
from faktura.kernel.terms import (
    AccountFact,
    ArticleUnit,
    DocumentKind,
    DocumentLinkKind,
    PaymentMethod,
    TaxCase,
)
from faktura.services.page_attempts import Refusal
from faktura.web import texts
from faktura.web.language import Language, asked_language, language_of
from faktura.web.vocabulary import VOCABULARY

WEB = Path(texts.__file__).parent
VOCABULARIES = {
    "kind": DocumentKind,
    "link": DocumentLinkKind,
    "linked": DocumentLinkKind,
    "total": DocumentKind,
    "state": PaymentState,
    "fact": AccountFact,
    "method": PaymentMethod,
    "job": JobState,
    "unit": ArticleUnit,
    "tax_case": TaxCase,
}


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, Language.DE),
        ("", Language.DE),
        ("fr, *;q=0.5", Language.DE),
        ("en-US,en;q=0.9", Language.EN),
        ("fr;q=1, en;q=0.3, de;q=0.2", Language.EN),
        ("en;q=0.8, de-AT", Language.DE),
        ("de;q=0.5,en;q=0.5", Language.DE),
        ("en;q=0, de;q=0.001", Language.DE),
        ("EN", Language.EN),
        ("en;q=viel", Language.DE),
        ("en;q=²", Language.DE),
        ("en;q=" + "1" * 5_000, Language.DE),
        ("en;q=0." + "1" * 5_000, Language.EN),
        (";;,q=,en;", Language.EN),
    ],
)
def test_the_browser_is_heard_and_german_comes_first(header, language):
    """RFC 9110 section 12.5.4; what cannot be read counts for nothing."""
    headers = {} if header is None else {"Accept-Language": header}

    assert language_of(make_mocked_request("GET", "/", headers=headers)) is language


def test_the_address_decides_before_the_browser():
    """`?lang=` of a language we do not speak is none."""
    german = make_mocked_request("GET", "/?lang=de", headers={"Accept-Language": "en"})
    french = make_mocked_request("GET", "/?lang=fr", headers={"Accept-Language": "en"})

    assert language_of(german) is Language.DE
    assert asked_language(french) is None
    assert language_of(french) is Language.EN


@pytest.mark.parametrize(("prefix", "words"), VOCABULARIES.items())
def test_every_word_of_a_vocabulary_has_its_texts(prefix, words):
    """A new word in the kernel asks for its German and English here, and an old one leaves."""
    named = {key for key in VOCABULARY if key.startswith(f"{prefix}.")}

    assert named == {f"{prefix}.{word}" for word in words}


# Their keys are put together from a word: of a vocabulary, a status, a check, a language.
COMPOSED = (
    "nav.language", "health", "status", "error", "one", "pay.state", "pay.told", "pay.refused",
    "pay.reason", "pay.error", *VOCABULARIES,
)  # fmt: skip


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("pay.state", set(PayState) - {PayState.PAYABLE}),
        ("pay.told", set(PayState) - {PayState.PAYABLE}),
        ("pay.refused", set(Refusal)),
        ("pay.reason", set(CustomerReason)),
        ("pay.error", {"404", "429", "503"}),
    ],
)
def test_every_end_of_a_payment_has_its_texts(prefix, words):
    """A page that composes a key finds it."""
    named = {key for key in texts.TEXTS if key.rpartition(".")[0] == prefix}

    assert named == {f"{prefix}.{word}" for word in words}


def test_every_text_is_used():
    """What no page says is not kept."""
    said = "".join(
        path.read_text(encoding="utf-8")
        for path in [*WEB.rglob("*.html"), *WEB.rglob("*.py")]
        if path.name not in {"texts.py", "vocabulary.py", "pay_texts.py", "bank_texts.py"}
    )

    unused = {
        key
        for key in texts.TEXTS
        if not re.search(rf"[\"']{re.escape(key)}[\"']", said)
        and key.rpartition(".")[0] not in COMPOSED
    }

    assert unused == set()


def test_a_text_takes_its_places():
    """In both languages the same ones."""
    places = re.compile(r"\{(\w+)\}")

    assert texts.text(Language.DE, "status.more", n="7") == "und 7 weitere"
    assert {
        key
        for key, (german, english) in texts.TEXTS.items()
        if places.findall(german) != places.findall(english)
    } == set()
