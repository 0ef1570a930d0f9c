"""Triggers that keep facts facts: UPDATE and DELETE are refused by the database itself (P23, P24).

Migrations call `guard` with a literal name; a change here would change what old migrations did.
"""

from collections.abc import Sequence

_REFUSE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'insert only: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def guard(dialect: str, table: str) -> Sequence[str]:
    """The statements that make a table insert-only; on PostgreSQL TRUNCATE is refused as well."""
    if dialect == "postgresql":
        rows = f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE ON {table}"
        all_at_once = f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        refuse = "EXECUTE FUNCTION refuse_change()"
        return (
            _REFUSE,
            f"{rows} FOR EACH ROW {refuse}",
            f"{all_at_once} FOR EACH STATEMENT {refuse}",
        )
    return tuple(
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'insert only: {act} on {table}'); END"
        for act in ("UPDATE", "DELETE")
    )
