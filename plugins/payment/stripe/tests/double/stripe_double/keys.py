"""Idempotency keys: the first answer is kept and repeated, also a no and a failure (payments 1.3)."""

from stripe_double.problems import Refusal
from stripe_double.store import Kept
from stripe_double.world import World

_KEPT_SECONDS = 24 * 3600
_LONGEST = 255


def begin(world: World, key: str, path: str, params: str) -> Kept | None:
    """The answer that is repeated, or None where the request is the first one."""
    if len(key) > _LONGEST:
        raise Refusal(400, "The idempotency key is too long", kind="idempotency_error")
    kept = world.store.answers.get(key)
    if kept is not None and world.now - kept.at >= _KEPT_SECONDS:
        world.store.forget(key)
        kept = None
    if kept is None:
        world.store.keep(key, Kept(path, params, world.now))
        return None
    if not kept.status:
        raise Refusal(
            409,
            "There is currently another in-progress request using this Idempotent Key",
            code="idempotency_key_in_use",
        )
    if (kept.path, kept.params) != (path, params):
        raise Refusal(
            400,
            "Keys for idempotent requests can only be used with the same parameters they were"
            " first used with.",
            kind="idempotency_error",
        )
    return kept


def end(world: World, key: str, status: int, body: str, *, saved: bool) -> None:
    """Keep the answer, or forget the key where nothing had begun."""
    kept = world.store.answers[key]
    if not saved:
        world.store.forget(key)
        return
    kept.status, kept.body = status, body
    world.store.keep(key, kept)
