"""Which statements a prepared read sends: they go past SQLAlchemy, whose events see none of them."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from faktura.store.transaction import Tx


class CountedDriver:
    """A driver's connection that notes what it is asked."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver
        self.asked: list[str] = []

    def execute(self, statement: str, values: object) -> Any:
        self.asked.append(statement)
        return self.driver.execute(statement, values)


def counted(tx: Tx) -> tuple[Tx, list[str]]:
    """A transaction in which only prepared reads are possible, and the statements they send."""
    driver = CountedDriver(tx.connection.connection.driver_connection)
    connection: Any = SimpleNamespace(
        dialect=tx.connection.dialect, connection=SimpleNamespace(driver_connection=driver)
    )
    return replace(tx, connection=connection), driver.asked
