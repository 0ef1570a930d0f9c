"""Every rule that the double enforces refuses a request that breaks it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal

import pytest

from braintree_double import giving
from braintree_double.scene import NOW, Scene
from braintree_double.visitor import KEYED, Visitor, visiting
from braintree_double.world import Fault

PAYPAL: dict[str, object] = {"payment_method_token": "paypal_1"}
DELETED: dict[str, object] = {"payment_method_token": "deleted"}
NO_TOKEN: dict[str, object] = {"payment_method_token": None}
MALFORMED: dict[str, object] = {"token": "no good"}
SECOND: dict[str, object] = {"token": "token_2"}


@pytest.fixture
async def visitor(scene: Scene) -> AsyncIterator[Visitor]:
    """A visitor of a double that has a card, a PayPal agreement and a fresh nonce."""
    scene.world.have_nonce("nonce_1")
    async with visiting(scene.double) as found:
        yield found


async def test_a_right_sale_is_taken(visitor: Visitor):
    """The base of all that follows: each test changes one thing."""
    said = await visitor.sale()

    assert (said.status, said.value("status")) == (201, "submitted_for_settlement")


@pytest.mark.parametrize("authorization", ["", "Basic d3Jvbmc6d3Jvbmc=", "Bearer x"])
async def test_nobody_is_let_in_without_the_accounts_keys(visitor: Visitor, authorization: str):
    """401."""
    said = await visitor.send("GET", "/customers/cust_1", Authorization=authorization)

    assert said.status == 401


async def test_another_version_of_the_interface_is_not_served(visitor: Visitor):
    """426, as an SDK that is too old would meet."""
    assert (await visitor.send("GET", "/customers/cust_1", **{"X-ApiVersion": "2"})).status == 426


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"amount": None}, "81502"),
        ({"amount": "119"}, "81503"),
        ({"amount": "119.0"}, "81503"),
        ({"amount": "119,00"}, "81503"),
        ({"amount": "1e2"}, "81503"),
        ({"amount": "0.00"}, "81531"),
        ({"amount": "-1.00"}, "81531"),
        ({"amount": "100000.00"}, "81528"),
        ({"amount": "119.00", "merchant_account_id": "werk_jpy"}, "81503"),
        ({"merchant_account_id": "werk_gbp"}, "91513"),
        ({"merchant_account_id": None}, "91513"),
        ({"order_id": "o" * 256}, "91501"),
        ({"transaction_source": "subscription"}, "915133"),
        ({"custom_fields": {"shop": "x"}}, "91526"),
        ({"customer_id": "nobody"}, "91510"),
        ({"payment_method_token": None}, "91508"),
        ({"payment_method_nonce": "nonce_1"}, "91515"),
        ({"payment_method_token": "deleted"}, "91518"),
        ({"payment_method_token": None, "payment_method_nonce": "unknown"}, "91565"),
    ],
)
async def test_a_wrong_sale_is_refused(visitor: Visitor, changed: dict[str, object], code: str):
    """422 with Braintree's code, and nothing is charged."""
    said = await visitor.sale(**changed)

    assert (said.status, said.codes) == (422, [code])
    assert visitor.double.world.sold() == []


async def test_a_suspended_merchant_account_sells_nothing(visitor: Visitor):
    """91514."""
    visitor.double.world.suspended.add("werk_eur")

    assert (await visitor.sale()).codes == ["91514"]


async def test_a_nonce_is_good_once_and_for_three_hours(visitor: Visitor):
    """91564 the second time, 91565 when it is old."""
    visitor.double.world.have_nonce("nonce_2")
    nonce: dict[str, object] = {"payment_method_token": None, "payment_method_nonce": "nonce_1"}

    assert (await visitor.sale(**nonce)).status == 201
    assert (await visitor.sale(**nonce)).codes == ["91564"]
    visitor.double.world.clock.advance(timedelta(hours=3))
    assert (await visitor.sale(**(nonce | {"payment_method_nonce": "nonce_2"}))).codes == ["91565"]


async def test_a_single_payment_by_paypal_cannot_be_kept(visitor: Visitor):
    """82902 for a sale that stores, and for the vault."""
    visitor.double.world.have_nonce("single", kind="paypal", agreement=False)
    options = {"submit_for_settlement": True, "store_in_vault_on_success": True}

    sale = await visitor.sale(
        **NO_TOKEN, payment_method_nonce="single", customer_id="cust_1", options=options
    )

    assert sale.codes == ["82902"]
    assert (await visitor.save(payment_method_nonce="single")).codes == ["82902"]


async def test_the_same_sale_within_thirty_seconds_is_a_duplicate(visitor: Visitor):
    """Amount, order and card; another one of them, or a request key, is no duplicate."""
    await visitor.sale()
    repeated = await visitor.sale()
    others = [
        await visitor.sale(amount="20.00"),
        await visitor.sale(order_id="order_2"),
        await visitor.sale(api_request_key=KEYED),
    ]
    visitor.double.world.clock.advance(timedelta(seconds=30))

    assert (repeated.status, repeated.value("gateway-rejection-reason")) == (422, "duplicate")
    assert [one.status for one in (*others, await visitor.sale())] == [201] * 4


async def test_paypal_refuses_a_used_order_for_ever(visitor: Visitor):
    """2069, also after a year and for another amount."""
    await visitor.sale(**PAYPAL)
    visitor.double.world.clock.advance(timedelta(days=365))

    repeated = await visitor.sale(**PAYPAL, amount="20.00")

    assert (repeated.status, repeated.value("processor-response-code")) == (422, "2069")


async def test_an_agreement_that_was_ended_pays_nothing(visitor: Visitor):
    """2070."""
    giving.revoke(visitor.double.world, "paypal_1")

    refused = await visitor.sale(**PAYPAL)

    assert refused.value("processor-response-code") == "2070"


async def test_a_sale_that_is_not_handed_in_stays_authorised(visitor: Visitor):
    """Without submit_for_settlement no money comes."""
    assert (await visitor.sale(options={})).value("status") == "authorized"


async def test_request_keys_refuse_all_but_the_same_request(visitor: Visitor):
    """915230 to 915235 (payments 3.3)."""
    world = visitor.double.world
    first = await visitor.sale(api_request_key=KEYED)
    same = await visitor.sale(api_request_key=KEYED)
    other = await visitor.sale(api_request_key=KEYED, amount="20.00")
    long = await visitor.sale(api_request_key="k" * 256)
    failed = [await visitor.sale(**DELETED, api_request_key="f") for _ in range(2)]
    states = []
    for state in ("running", "server_error"):
        world.keep(world.keys[KEYED].model_copy(update={"state": state}))
        states.append((await visitor.sale(api_request_key=KEYED)).codes)
    world.has_request_keys = False
    none = await visitor.sale(api_request_key=KEYED)

    assert (first.status, same.value("id")) == (201, first.value("id"))
    assert (other.codes, long.codes, none.codes) == (["915232"], ["915230"], ["915231"])
    assert [one.codes for one in failed] == [["91518"], ["915234"]]
    assert states == [["915233"], ["915235"]]
    assert len(world.sold()) == 1


async def test_a_request_key_is_forgotten_after_thirty_days(visitor: Visitor):
    """Then the same request is a new one."""
    await visitor.sale(api_request_key=KEYED)
    visitor.double.world.clock.advance(timedelta(days=30))
    await visitor.sale(api_request_key=KEYED)

    assert len(visitor.double.world.sold()) == 2


async def test_a_void_is_possible_until_it_settles(visitor: Visitor):
    """91504 for what settles, settled, or was voided; 404 for what does not exist."""
    world = visitor.double.world
    charge = (await visitor.sale()).value("id")
    settling = (await visitor.sale(**PAYPAL)).value("id")

    assert (await visitor.void(settling)).codes == ["91504"]
    assert (await visitor.void(charge)).value("status") == "voided"
    assert (await visitor.void(charge)).codes == ["91504"]
    giving.settle(world)
    assert (await visitor.void(settling)).codes == ["91504"]
    assert (await visitor.void("unknown")).status == 404


async def test_a_refund_needs_a_settled_sale_and_what_is_left_of_it(visitor: Visitor):
    """91506, 91574, 91521, 91512, 91505, and 404."""
    world = visitor.double.world
    charge = (await visitor.sale()).value("id")
    early = await visitor.refund(charge)
    giving.settle(world, begun_only=True)
    settling = await visitor.refund(charge)
    giving.settle(world)
    part = await visitor.refund(charge, amount="100.00")
    too_much = await visitor.refund(charge, amount="19.01")
    rest = await visitor.refund(charge, amount="19.00")
    nothing_left = await visitor.refund(charge, amount="0.01")
    of_a_credit = await visitor.refund(part.value("id"))

    assert (early.codes, settling.codes) == (["91506"], ["91574"])
    assert (part.status, rest.status) == (201, 201)
    assert (too_much.codes, nothing_left.codes, of_a_credit.codes) == (
        ["91521"],
        ["91512"],
        ["91505"],
    )
    assert (await visitor.refund("unknown")).status == 404


async def test_a_credit_without_an_order_of_its_own_has_its_sales(visitor: Visitor):
    """What makes a person's refund look like ours, unless one compares."""
    charge = (await visitor.sale()).value("id")
    giving.settle(visitor.double.world)

    assert (await visitor.refund(charge)).value("order-id") == "order_1"


async def test_paypal_gives_nothing_back_after_180_days(visitor: Visitor):
    """2065."""
    charge = (await visitor.sale(**PAYPAL)).value("id")
    giving.settle(visitor.double.world)
    visitor.double.world.clock.advance(timedelta(days=180))

    assert (await visitor.refund(charge)).codes == ["2065"]


async def test_the_vault_refuses_wrong_means_and_customers(visitor: Visitor):
    """Unknown customer, token or nonce; taken, malformed and used ones."""
    assert (await visitor.save(customer_id="nobody")).codes == ["93105"]
    assert (await visitor.save(**MALFORMED)).codes == ["91718"]
    assert (await visitor.save(payment_method_nonce="unknown")).codes == ["93108"]
    account = {"verify_card": True, "verification_merchant_account_id": "werk_gbp"}
    assert (await visitor.save(options=account)).codes == ["91728"]
    assert (await visitor.save()).status == 201
    assert (await visitor.save()).codes == ["91719"]
    assert (await visitor.save(**SECOND)).codes == ["93107"]
    customers = [
        await visitor.post("/customers", "customer", {"id": one}) for one in ("cust_1", "c" * 37)
    ]
    assert [one.codes for one in customers] == [["91609"], ["91610"]]
    missing = ["/customers/x", "/payment_methods/any/x", "/merchant_accounts/x", "/disputes/x"]
    assert [(await visitor.send("GET", one)).status for one in missing] == [404] * 4
    assert (await visitor.send("DELETE", "/payment_methods/any/x")).status == 404
    token = await visitor.post("/client_token", "client_token", {"merchant_account_id": "x"})
    assert token.status == 422


async def test_a_search_lags_and_finds_by_known_terms_only(visitor: Visitor):
    """What it does not know it would ignore: here it finds nothing instead."""
    world = visitor.double.world
    world.search_lag = timedelta(minutes=5)
    charge = (await visitor.sale()).value("id")

    assert await visitor.ids(order_id={"is": "order_1"}) == []
    assert (await visitor.send("GET", f"/transactions/{charge}")).status == 200
    world.clock.advance(timedelta(minutes=5))
    assert await visitor.ids(order_id={"is": "order_1"}) == [charge]
    assert await visitor.ids(order_id={"is": "order_2"}) == []
    assert await visitor.ids(order={"is": "order_1"}) == []
    assert await visitor.ids(status=["settled"]) == []
    assert await visitor.ids(created_at={"min": NOW + timedelta(seconds=1)}) == []
    assert await visitor.ids(settled_at={"min": NOW}) == []
    assert await visitor.ids() == []


async def test_a_search_gives_a_page_at_a_time(visitor: Visitor):
    """More ids than a page holds are refused."""
    visitor.double.world.page_size = 1
    criteria = {"order_id": {"is": "order_1"}, "ids": ["a", "b"]}

    said = await visitor.post("/transactions/advanced_search", "search", criteria)

    assert said.status == 422


async def test_faults_come_by_switch_or_by_plan(visitor: Visitor):
    """A switch is used up; a plan is asked for every other request."""
    world = visitor.double.world
    world.fail_next(Fault.BROKEN, "/customers/", method="POST")
    world.fail_next(Fault.DOWN, "/customers/", times=2)
    world.plan = lambda method, path: Fault.FORBIDDEN if path.endswith("cust_1") else None

    statuses = [(await visitor.send("GET", f"/customers/{one}")).status for one in ("x", "x")]
    planned = [(await visitor.send("GET", f"/customers/{one}")).status for one in ("cust_1", "x")]

    assert (statuses, planned) == ([503, 503], [403, 404])
    assert [switch.method for switch in world.switches] == ["POST"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"amount": "-1.00"}, "81503"),
        ({"amount": "1.001"}, "81503"),
        ({"amount": "1"}, "81503"),
        ({"amount": "1.00", "order_id": "o" * 256}, "91501"),
    ],
)
async def test_a_refund_that_is_written_wrongly_is_refused(visitor: Visitor, changed, code):
    charge = (await visitor.sale()).value("id")
    giving.settle(visitor.double.world)

    assert (await visitor.refund(charge, **changed)).codes == [code]


async def test_a_refund_in_another_state_takes_no_money_from_the_limit(visitor: Visitor):
    """A declined credit gave nothing back."""
    charge = (await visitor.sale()).value("id")
    giving.settle(visitor.double.world)
    visitor.double.world.decline_next("2000")
    declined = await visitor.refund(charge)

    assert declined.status == 422
    assert (await visitor.refund(charge)).status == 201
    given = [one.amount for one in visitor.double.world.charges.values() if one.type == "credit"]
    assert given == [Decimal("119.00"), Decimal("119.00")]
