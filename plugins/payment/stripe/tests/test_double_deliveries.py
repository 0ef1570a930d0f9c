"""The double's postman: deliveries twice, in any order, thin, and what a receiver answers."""

from aiohttp import web
from aiohttp.test_utils import TestServer

from stripe_double import charging
from stripe_double.deliveries import Postman, post
from stripe_double.scene import Scene


async def test_every_event_is_delivered_once_unless_asked_otherwise(scene: Scene):
    await scene.paid()
    postman = Postman(scene.world)

    first = postman.new()
    assert [one.type for one in first] == ["charge.succeeded", "payment_intent.succeeded"]
    assert postman.new() == []

    charging.dispute(scene.world, "pi_00000001")
    later = postman.new(seed=3, copies=2)
    assert sorted(one.type for one in later) == [
        "charge.dispute.created",
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_withdrawn",
    ]


async def test_a_seed_gives_an_order_that_can_be_had_again(scene: Scene):
    for _ in range(5):
        scene.world.publish("payment_intent.succeeded", {"id": "pi_1", "object": "payment_intent"})

    orders = [[one.event for one in Postman(scene.world).new(seed=7)] for _ in range(2)]

    assert orders[0] == orders[1]
    assert orders[0] != sorted(orders[0])


async def test_deliveries_are_posted_with_their_signatures(scene: Scene):
    seen: list[str] = []

    async def receive(request: web.Request) -> web.Response:
        seen.append(request.headers["Stripe-Signature"])
        return web.Response(status=200 if await request.read() else 400)

    app = web.Application()
    app.router.add_post("/webhooks/stripe/werk", receive)
    await scene.paid()
    async with TestServer(app) as server:
        url = str(server.make_url("/webhooks/stripe/werk"))
        assert await post(url, Postman(scene.world).new()) == [200, 200]

    assert all(one.startswith("t=1796112000,v1=") for one in seen)
