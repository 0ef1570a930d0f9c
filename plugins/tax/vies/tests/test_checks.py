"""What the checker makes of VIES's answers, asked of a VIES of our own."""

import logging
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime

import pytest
from typing_extensions import override

from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import FileUnreadable
from faktura.kernel.outside_errors import LinkRefused, OutsideUnavailable
from faktura.kernel.vat_terms import VatCheckResult, VatTraderMatch
from faktura.plugin import HttpAnswer, Runtime, StateStore, VatIdAnswer, VatIdQuestion
from faktura.testing.outgoing import http_to
from faktura_vies.adapter import ViesChecker
from faktura_vies.answers import answer_of
from faktura_vies.settings import ViesSettings
from vies_double import Double, Registered, World, running

OURS = "DE123456788"
ALPINA = Registered("Alpina Verlag GmbH", "Ring 1", "1010", "Wien")
QUESTION = VatIdQuestion(
    vat_id="ATU12345675",
    own_vat_id=OURS,
    name="Alpina Verlag GmbH",
    street="Ring 1",
    zip_code="1010",
    city="Wien",
)


class NoState(StateStore):
    """Keeps nothing: the checker has no state."""

    @override
    def get(self, key: str) -> object | None:
        raise AssertionError(key)

    @override
    def put(self, key: str, value: Mapping[str, object]) -> None:
        raise AssertionError(key)


@pytest.fixture
async def vies() -> AsyncIterator[Double]:
    """A VIES that knows Alpina in Austria, a silent German company, and us."""
    world = World(
        numbers={
            "ATU12345675": ALPINA,
            "DE811115368": Registered("Leise AG", "", "", "", silent=True),
        },
        requesters={OURS},
    )
    async with running(world) as double:
        yield double


async def check(vies: Double, question: VatIdQuestion = QUESTION) -> VatIdAnswer:
    """Ask the double as the core would."""
    clock = FixedClock(datetime(2026, 11, 22, 10, 0, tzinfo=UTC))
    log = logging.getLogger("faktura.adapter.vies")
    runtime = Runtime(clock, log, NoState(), http_to(vies.host))
    return await ViesChecker(ViesSettings(url=vies.url), runtime).check(question)


async def test_a_qualified_check_tells_what_matches_and_its_number(vies: Double) -> None:
    """F120: valid, compared field by field, with the number that proves it."""
    answer = await check(vies)

    assert answer.result is VatCheckResult.VALID
    assert answer.reference == "WAPI00000001"
    assert (answer.name, answer.address) == ("Alpina Verlag GmbH", "Ring 1\n1010 Wien")
    assert {answer.name_match, answer.street_match, answer.zip_code_match, answer.city_match} == {
        VatTraderMatch.MATCH
    }


async def test_what_is_asked_names_us_and_them(vies: Double) -> None:
    """The body as VIES documents it: country and digits apart."""
    await check(vies)

    assert vies.world.asked == [
        {
            "countryCode": "AT",
            "vatNumber": "U12345675",
            "requesterMemberStateCode": "DE",
            "requesterNumber": "123456788",
            "traderName": "Alpina Verlag GmbH",
            "traderStreet": "Ring 1",
            "traderPostalCode": "1010",
            "traderCity": "Wien",
        }
    ]


async def test_a_plain_check_compares_nothing(vies: Double) -> None:
    """Without our own number there is no number of the request either."""
    answer = await check(vies, VatIdQuestion(vat_id="ATU12345675"))

    assert (answer.result, answer.reference) == (VatCheckResult.VALID, "")
    assert answer.name_match is VatTraderMatch.NOT_TOLD
    assert vies.world.asked == [{"countryCode": "AT", "vatNumber": "U12345675"}]


async def test_another_name_differs(vies: Double) -> None:
    """Valid, but somebody else's."""
    answer = await check(vies, QUESTION.model_copy(update={"name": "Andere GmbH"}))

    assert (answer.result, answer.name_match) == (VatCheckResult.VALID, VatTraderMatch.DIFFERS)
    assert answer.city_match is VatTraderMatch.MATCH


async def test_a_silent_member_state_tells_nothing_of_the_name(vies: Double) -> None:
    """Germany tells no other state the holder of a number."""
    answer = await check(vies, QUESTION.model_copy(update={"vat_id": "DE811115368"}))

    assert (answer.result, answer.name, answer.address) == (VatCheckResult.VALID, "", "")
    assert answer.name_match is VatTraderMatch.NOT_TOLD


async def test_an_unknown_number_is_invalid(vies: Double) -> None:
    """The register knows it not."""
    answer = await check(vies, VatIdQuestion(vat_id="ATU99999999"))

    assert answer.result is VatCheckResult.INVALID


@pytest.mark.parametrize(
    "code", ["MS_UNAVAILABLE", "TIMEOUT", "MS_MAX_CONCURRENT_REQ", "MS_MAX_CONCURRENT_REQ_TIME"]
)
async def test_a_member_state_that_is_down_is_no_failed_check(vies: Double, code: str) -> None:
    """An answer of its own: nobody is told that the number is wrong."""
    vies.world.down["AT"] = code

    answer = await check(vies)

    assert (answer.result, answer.problem) == (VatCheckResult.UNAVAILABLE, code)


@pytest.mark.parametrize(
    "code", ["SERVICE_UNAVAILABLE", "GLOBAL_MAX_CONCURRENT_REQ", "GLOBAL_MAX_CONCURRENT_REQ_TIME"]
)
async def test_vies_itself_being_down_is_asked_again(vies: Double, code: str) -> None:
    """Nothing is known, and nothing is kept: come back in a minute."""
    vies.world.error = code

    with pytest.raises(OutsideUnavailable, match=code) as caught:
        await check(vies)

    assert caught.value.retry_after == 60


async def test_a_page_of_a_proxy_is_no_answer(vies: Double) -> None:
    """HTML with status 503."""
    vies.world.page = 503

    with pytest.raises(OutsideUnavailable, match="status 503"):
        await check(vies)


async def test_a_wrong_number_of_ours_waits_for_a_person(vies: Double) -> None:
    """VIES does not know who asks."""
    with pytest.raises(LinkRefused, match="INVALID_REQUESTER_INFO") as caught:
        await check(vies, QUESTION.model_copy(update={"own_vat_id": "DE999999999"}))

    assert "own VAT id" in caught.value.mend


async def test_a_server_that_is_not_there_is_asked_again() -> None:
    """Nothing listens: nothing was asked."""
    async with running(World()) as gone:
        pass

    with pytest.raises(OutsideUnavailable):
        await check(gone)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'"yes"',
        b"[" * 100_000,
        b"{}",
        b'{"valid": "true", "countryCode": "AT", "vatNumber": "U12345675"}',
        b'{"valid": true, "countryCode": "AT", "vatNumber": "U00000000"}',
    ],
)
def test_what_is_no_answer_about_the_number_is_refused(body: bytes) -> None:
    """Never taken for a yes: no object, no bool, another number."""
    with pytest.raises(FileUnreadable):
        answer_of(QUESTION, HttpAnswer(200, {}, body))


@pytest.mark.parametrize(
    "body",
    [b'{"actionSucceed": false}', b'{"errorWrappers": ["x"]}', b'{"userError": "SERVER_BUSY"}'],
)
def test_a_failure_nobody_knows_is_asked_again(body: bytes) -> None:
    """Without a code, with a new one, in the older shape."""
    with pytest.raises(OutsideUnavailable):
        answer_of(QUESTION, HttpAnswer(200, {}, body))


def test_a_new_word_for_a_match_tells_nothing() -> None:
    """Rather than something wrong."""
    body = (
        b'{"valid": true, "countryCode": "AT", "vatNumber": "U12345675", "userError": "VALID",'
        b' "traderNameMatch": "PERHAPS"}'
    )

    assert answer_of(QUESTION, HttpAnswer(200, {}, body)).name_match is VatTraderMatch.NOT_TOLD
