"""Which bank movement a person means: its whole id, or the end of it."""

import re
from uuid import UUID

from faktura.kernel.errors import Conflict, FieldInvalid, NotFound, shortened
from faktura.store.movement_ids import ids_ending_in
from faktura.store.transaction import Tx

_WHOLE = 32
# Six hexadecimal digits or more, so that a slip of the hand does not meet a movement by chance.
_ENDING = re.compile(r"[0-9a-f]{6,32}", re.ASCII)
_NAMED = 5


def named_movement(tx: Tx, written: str) -> UUID:
    """The id whose end is `written`, at least 6 digits; hyphens and case do not matter.

    Raises FieldInvalid for what cannot be an id, NotFound, and Conflict where several end so.
    """
    ending = written.strip().replace("-", "").lower()
    if not _ENDING.fullmatch(ending):
        raise FieldInvalid(
            f"“{shortened(written)}” is not the end of a movement's id",
            place="movement",
            mend="Write the id that faktura bank open shows, or 6 of its last digits at least",
        )
    if len(ending) == _WHOLE:
        return UUID(ending)
    found = ids_ending_in(tx, ending, _NAMED + 1)
    if not found:
        raise NotFound(
            f"there is no bank movement whose id ends in {ending}",
            place="movement",
            mend="faktura bank list shows them all",
        )
    if len(found) > 1:
        named = ", ".join(str(movement_id) for movement_id in found[:_NAMED])
        more = " and more" if len(found) > _NAMED else ""
        raise Conflict(
            f"several ids end in {ending}: {named}{more}",
            place="movement",
            mend="Write more of the id",
        )
    return found[0]
