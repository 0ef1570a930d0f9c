"""Scenarios of deliveries that are not the provider's, or not what it sends."""

import json
from datetime import timedelta

import pytest

from faktura.kernel.outside_errors import DeliveryUnreadable, SignatureWrong
from faktura.plugin import Handshake, RawDelivery
from faktura.testing.kit.payments_bench import PaymentPart, Will, collection
from faktura.testing.kit.payments_rules import as_printed, every_log
from faktura.testing.kit.webhooks_bench import DeliveryBench, Forgery, events_in

HOSTILE = (
    b"",
    b" ",
    b"\xff\xfe\x00",
    b"no json",
    b"{}",
    b"[]",
    b"null",
    b"true",
    b"5",
    b'"text"',
    b'{"id": 5, "type": [], "created": "x", "data": null}',
    b'{"id": "", "type": "", "data": {"object": {}}}',
    b'{"id": null}',
    b'{"events": 5}',
    b'{"events": [5]}',
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b"9" * 100_000,
    b'{"id": NaN, "type": Infinity}',
    b"<a>" * 30_000,
    b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
    b"x" * 2_000_000,
)
"""Contents that nobody sends on purpose; rightly signed all the same."""

_WORDS = (
    "é",
    "t=1,v1=é",
    "t=,v1=",
    "t=１２,v1=00",
    ",",
    "=",
    "t" * 100_000,
    "0" * 64,
    "v1=0,t=9e9",
)
_VALUES: tuple[object, ...] = (None, 5, "", [], {}, "x" * 300, True)


class Forgeries(PaymentPart):
    """Who may be believed, and what is refused by name, whatever it holds."""

    @pytest.mark.parametrize("forgery", list(Forgery))
    @pytest.mark.asyncio
    async def test_a_forged_delivery_is_refused(self, forgery: Forgery) -> None:
        """Otherwise anybody pays their invoices with a request (payments 1.11)."""
        async with self.opened(DeliveryBench) as bench:
            await happened(bench)
            forged = bench.forged(forgery)
            if forged is None:
                pytest.skip(f"{forgery}: the scheme of signatures has no such thing")

            assert events_in(bench, bench.signed(bench.content())), "a right one must be read"
            with pytest.raises(SignatureWrong):
                bench.source().read(forged)

    @pytest.mark.asyncio
    async def test_one_changed_byte_is_noticed(self) -> None:
        """Wherever it stands."""
        async with self.opened(DeliveryBench) as bench:
            await happened(bench)
            right = bench.signed(bench.content())
            for place in range(0, len(right.body), max(1, len(right.body) // 40)):
                body = bytearray(right.body)
                body[place] ^= 1
                changed = right.model_copy(update={"body": bytes(body)})
                if bench.signature_headers:
                    with pytest.raises(SignatureWrong):
                        bench.source().read(changed)
                else:
                    _assert_refused_or_same(bench, changed, right)

    @pytest.mark.parametrize("ends", ["inside", "outside"])
    @pytest.mark.asyncio
    async def test_a_signature_counts_up_to_the_last_moment_of_its_tolerance(
        self, ends: str
    ) -> None:
        """Inclusive on both ends: clocks differ, and a replay of yesterday is none of today."""
        async with self.opened(DeliveryBench) as bench:
            await happened(bench)
            if bench.tolerance is None:
                pytest.skip("the scheme of signatures has no moment")
            off = timedelta(seconds=0 if ends == "inside" else 1)
            for ago in (bench.tolerance + off, -bench.tolerance - off):
                delivery = bench.signed(bench.content(), ago=ago)
                if ends == "inside":
                    assert events_in(bench, delivery)
                else:
                    with pytest.raises(SignatureWrong):
                        bench.source().read(delivery)

    @pytest.mark.parametrize("word", _WORDS, ids=[one[:12] for one in _WORDS])
    @pytest.mark.asyncio
    async def test_a_signature_that_is_none_is_refused_by_name(self, word: str) -> None:
        """Whatever stands in the header: refused, never an error of the code that reads it."""
        async with self.opened(DeliveryBench) as bench:
            await happened(bench)
            right = bench.signed(bench.content())
            headers = {**right.headers, **dict.fromkeys(bench.signature_headers, word)}
            if not bench.signature_headers:
                right = right.model_copy(update={"body": word.encode()})

            with pytest.raises((SignatureWrong, DeliveryUnreadable)):
                bench.source().read(right.model_copy(update={"headers": headers}))

    @pytest.mark.parametrize("content", HOSTILE, ids=[f"{one[:14]!r}" for one in HOSTILE])
    @pytest.mark.asyncio
    async def test_a_hostile_body_is_refused_by_name(self, content: bytes) -> None:
        """Signed or not: a 400 and no more; an error of another name is a 500, sent again for days."""
        async with self.opened(DeliveryBench) as bench:
            await happened(bench)
            right = bench.signed(bench.content())
            unsigned = right.model_copy(update={"body": content})

            with pytest.raises(DeliveryUnreadable):
                bench.source().read(bench.signed(content))
            with pytest.raises((SignatureWrong, DeliveryUnreadable)):
                bench.source().read(unsigned)

    @pytest.mark.asyncio
    async def test_wrong_types_inside_a_right_delivery_are_refused_by_name(self) -> None:
        """Each field of the first two levels by each kind of value: read, or refused, never broken."""
        async with self.opened(DeliveryBench) as bench:
            await happened(bench)
            for content in wrongly_typed(bench.content()):
                try:
                    read = bench.source().read(bench.signed(content))
                except (SignatureWrong, DeliveryUnreadable):
                    continue
                assert isinstance(read, tuple)
                assert all(one.id and one.type for one in read), f"an event of nothing: {read!r}"

    @pytest.mark.asyncio
    async def test_a_question_by_get_is_no_event(self) -> None:
        """Providers try an address out by GET: nothing of it is believed unsigned."""
        async with self.opened(DeliveryBench) as bench:
            asked = RawDelivery(method="GET", headers={}, query={}, body=b"")
            try:
                read = bench.source().read(asked)
            except (SignatureWrong, DeliveryUnreadable):
                return
            assert isinstance(read, Handshake), f"events out of nothing: {read!r}"

    @pytest.mark.asyncio
    async def test_no_secret_of_the_signature_is_told(self) -> None:
        """Not by its refusals, nor by what the libraries below it log."""
        async with self.opened(DeliveryBench) as bench:
            await happened(bench)
            printed = ""
            with every_log(bench.surroundings.log):
                source = bench.source()
                printed += as_printed(source, source.settings)
                for forgery in Forgery:
                    forged = bench.forged(forgery)
                    try:
                        source.read(forged or bench.signed(b"no json"))
                    except (SignatureWrong, DeliveryUnreadable) as refused:
                        printed += as_printed(refused)

            secrets = [one for one in bench.secrets() if one]
            assert bench.surroundings.log.secrets_in(secrets) == []
            assert not [one for one in secrets if one in printed]

    @pytest.mark.asyncio
    async def test_reading_asks_nobody(self) -> None:
        """It is pure: a delivery is answered before anything else is done."""
        async with self.opened(DeliveryBench) as bench:
            await happened(bench)
            before, state = bench.asked(), dict(bench.surroundings.state.values)
            for delivery in bench.deliveries():
                bench.source().read(delivery)

            assert bench.asked() == before
            assert bench.surroundings.state.values == state


async def happened(bench: DeliveryBench) -> None:
    """Have something happen that the provider delivers."""
    will = next(one for one in (Will.PEND, Will.PAY) if one not in bench.cannot)
    request = collection(bench.expect(will))
    await bench.adapter().collect(request)
    if will is Will.PEND:
        bench.settle(request.key)
    assert bench.deliveries(), "nothing is delivered of a payment"


def _assert_refused_or_same(bench: DeliveryBench, changed: RawDelivery, right: RawDelivery) -> None:
    """Where the signature stands in the body, a part of it may be for somebody else."""
    try:
        read = events_in(bench, changed)
    except (SignatureWrong, DeliveryUnreadable):
        return
    assert read == events_in(bench, right), "other events under a signature for these"


def wrongly_typed(content: bytes) -> list[bytes]:
    """A right content, each time with one field missing or of another kind; cut off where it is no JSON."""
    try:
        right = json.loads(content)
    except ValueError:
        return [content[:cut] for cut in range(0, len(content), max(1, len(content) // 30))]
    assert isinstance(right, dict)
    found = []
    for name, inner in right.items():
        found += [{**right, name: value} for value in _VALUES]
        found.append({key: one for key, one in right.items() if key != name})
        if isinstance(inner, dict):
            found += [{**right, name: {**inner, key: one}} for key in inner for one in _VALUES]
        if isinstance(inner, list):
            found += [{**right, name: [one]} for one in _VALUES]
    return [json.dumps(one).encode() for one in found]
