"""What a dunning policy may say: levels in order, their fees, rates and times to pay (F083, F084)."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal

from faktura.domain.document_language import GERMAN, is_german
from faktura.domain.dunning_policies import DunningLevel, DunningPolicy
from faktura.kernel.dunning_terms import InterestRule
from faktura.kernel.errors import FakturaError, FieldInvalid, FieldMissing, OutOfRange, shortened

MOST_LEVELS = 5
LONGEST_TEXT = 4_000
_LONGEST = 365
_LONGEST_TO_PAY = 90
_HIGHEST_FEE = 100_000
_HIGHEST_LEAST = 10_000_000
_HIGHEST_RATE = 30
_LANGUAGE = re.compile(r"[a-z]{2}", re.ASCII)
_ENGLISH = "en"


def check_dunning_policy(policy: DunningPolicy) -> None:
    """Raise OutOfRange, FieldMissing or FieldInvalid with the field that cannot be meant.

    Level texts are templates: whoever sets them checks them as such.
    """
    if len(policy.levels) > MOST_LEVELS:
        raise OutOfRange(
            f"{len(policy.levels)} levels are too many",
            place="levels",
            mend=f"At most {MOST_LEVELS}",
        )
    _check_range("graceDays", policy.grace_days, 0, _LONGEST)
    _check_range("least", policy.least, 0, _HIGHEST_LEAST)
    _check_texts("consumerNotice", policy.consumer_notice)
    for no, level in enumerate(policy.levels, 1):
        with in_level(no):
            _check_level(level)


def _check_level(level: DunningLevel) -> None:
    _check_range("days", level.days, 1, _LONGEST)
    _check_range("fee", level.fee, 0, _HIGHEST_FEE)
    _check_range("payDays", level.pay_days, 1, _LONGEST_TO_PAY)
    _check_rate(level.interest, level.rate)
    _check_texts("texts", level.texts)


def _check_rate(rule: InterestRule, rate: Decimal | None) -> None:
    if rule is not InterestRule.OWN:
        if rate is not None:
            raise FieldInvalid(
                f"{rule} has no rate of its own",
                place="rate",
                mend=f"Leave it out, or say {InterestRule.OWN}",
            )
        return
    if rate is None:
        raise FieldMissing(
            f"{rule} needs a rate", place="rate", mend="Name the percentage a year, e.g. 6.5"
        )
    if not 0 < rate <= _HIGHEST_RATE:
        raise OutOfRange(
            f"{rate} % a year is not above 0 and at most {_HIGHEST_RATE}", place="rate"
        )


def _check_texts(field: str, texts: Mapping[str, str]) -> None:
    for language, text in texts.items():
        if not _LANGUAGE.fullmatch(language):
            raise FieldInvalid(
                f"“{shortened(language)}” is no language",
                place=field,
                mend="Use two small letters such as de or en",
            )
        if not text.strip():
            raise FieldMissing(
                "the text is empty", place=f"{field}.{language}", mend="Remove it instead"
            )
        if len(text) > LONGEST_TEXT:
            raise OutOfRange(
                f"the text has {len(text)} characters",
                place=f"{field}.{language}",
                mend=f"At most {LONGEST_TEXT}",
            )


def _check_range(field: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise OutOfRange(f"{value} is not {least} to {most}", place=field)


@contextmanager
def in_level(no: int) -> Iterator[None]:
    """Say of what is refused within in which level it stands."""
    try:
        yield
    except FakturaError as error:
        raise error.at(f"levels.{no}") from None


def text_in(texts: Mapping[str, str], language: str, otherwise: str = "") -> str | None:
    """The text for a reader of `language`, in that of their documents, or in `otherwise`; else None.

    Documents are German, or English for every other language.
    """
    of_documents = GERMAN if is_german(language) else _ENGLISH
    for one in (language, of_documents, otherwise):
        if one in texts:
            return texts[one]
    return None
