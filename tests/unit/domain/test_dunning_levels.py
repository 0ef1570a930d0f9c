"""What a dunning policy may say, and which of several texts a customer reads."""

from dataclasses import replace
from decimal import Decimal

import pytest

from faktura.domain.dunning_levels import check_dunning_policy, text_in
from faktura.domain.dunning_policies import DunningLevel, DunningPolicy
from faktura.kernel.dunning_terms import InterestRule
from faktura.kernel.errors import FakturaError, FieldInvalid, FieldMissing, OutOfRange

LEVEL = DunningLevel(days=7)


def refused(policy: DunningPolicy) -> FakturaError:
    with pytest.raises(FakturaError) as found:
        check_dunning_policy(policy)
    return found.value


def test_the_policy_that_ships_can_be_meant() -> None:
    """Three levels, of which the later ones charge interest by law."""
    check_dunning_policy(DunningPolicy())


def test_without_any_level_nobody_is_dunned() -> None:
    """That is a policy too."""
    check_dunning_policy(DunningPolicy(levels=()))


def test_five_levels_are_possible_and_six_are_not() -> None:
    """More than five letters are no dunning any more."""
    check_dunning_policy(DunningPolicy(levels=(LEVEL,) * 5))

    error = refused(DunningPolicy(levels=(LEVEL,) * 6))

    assert str(error) == "levels: 6 levels are too many. At most 5"


@pytest.mark.parametrize(
    ("level", "kind", "place"),
    [
        (replace(LEVEL, days=0), OutOfRange, "levels.2, days"),
        (replace(LEVEL, days=366), OutOfRange, "levels.2, days"),
        (replace(LEVEL, fee=-1), OutOfRange, "levels.2, fee"),
        (replace(LEVEL, fee=100_001), OutOfRange, "levels.2, fee"),
        (replace(LEVEL, pay_days=0), OutOfRange, "levels.2, payDays"),
        (replace(LEVEL, pay_days=91), OutOfRange, "levels.2, payDays"),
        (replace(LEVEL, interest=InterestRule.OWN), FieldMissing, "levels.2, rate"),
        (replace(LEVEL, rate=Decimal(5)), FieldInvalid, "levels.2, rate"),
        (
            replace(LEVEL, interest=InterestRule.LEGAL, rate=Decimal(5)),
            FieldInvalid,
            "levels.2, rate",
        ),
        (
            replace(LEVEL, interest=InterestRule.OWN, rate=Decimal(0)),
            OutOfRange,
            "levels.2, rate",
        ),
        (
            replace(LEVEL, interest=InterestRule.OWN, rate=Decimal("30.01")),
            OutOfRange,
            "levels.2, rate",
        ),
        (replace(LEVEL, texts={"deu": "x"}), FieldInvalid, "levels.2, texts"),
        (replace(LEVEL, texts={"de": " \n"}), FieldMissing, "levels.2, texts.de"),
        (replace(LEVEL, texts={"de": "x" * 4_001}), OutOfRange, "levels.2, texts.de"),
    ],
)
def test_a_level_that_cannot_be_meant_is_named_with_its_number_and_field(
    level: DunningLevel, kind: type[FakturaError], place: str
) -> None:
    """Levels count from 1, as everywhere."""
    error = refused(DunningPolicy(levels=(LEVEL, level)))

    assert (type(error), error.place) == (kind, place)


def test_the_ends_of_every_range_are_possible() -> None:
    """Both are inclusive."""
    least = DunningLevel(days=1, fee=0, pay_days=1)
    most = DunningLevel(
        days=365,
        fee=100_000,
        interest=InterestRule.OWN,
        rate=Decimal(30),
        pay_days=90,
        texts={"de": "x" * 4_000},
    )

    check_dunning_policy(DunningPolicy(levels=(least, most), grace_days=0, least=10_000_000))
    check_dunning_policy(DunningPolicy(grace_days=365))


@pytest.mark.parametrize(
    ("policy", "place"),
    [
        (DunningPolicy(grace_days=-1), "graceDays"),
        (DunningPolicy(grace_days=366), "graceDays"),
        (DunningPolicy(least=-1), "least"),
        (DunningPolicy(least=10_000_001), "least"),
        (DunningPolicy(consumer_notice={"DE": "x"}), "consumerNotice"),
        (DunningPolicy(consumer_notice={"de": ""}), "consumerNotice.de"),
    ],
)
def test_what_holds_for_all_levels_is_checked_as_well(policy: DunningPolicy, place: str) -> None:
    """Each with the name of its field."""
    assert refused(policy).place == place


TEXTS = {"de": "Deutsch", "en": "English", "fr": "Français"}


@pytest.mark.parametrize(
    ("language", "read"),
    [("de", "Deutsch"), ("en", "English"), ("fr", "Français"), ("it", "English")],
)
def test_a_customer_reads_their_own_language_or_that_of_their_documents(
    language: str, read: str
) -> None:
    """Documents are German, or English for every other language."""
    assert text_in(TEXTS, language) == read


def test_without_a_text_in_either_it_is_the_one_named_or_none() -> None:
    """An Italian whose seller wrote German only."""
    assert text_in({"de": "Deutsch"}, "it", "de") == "Deutsch"
    assert text_in({"de": "Deutsch"}, "it") is None
    assert text_in({}, "de", "de") is None
