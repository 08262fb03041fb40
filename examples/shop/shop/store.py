"""Everything in one SQLite file. Nobody else knows SQL's tables."""

import sqlite3
from typing import Any

MIGRATIONS = (
    "CREATE TABLE product (number INTEGER PRIMARY KEY, name TEXT, price INTEGER, in_stock INTEGER)",
    "CREATE TABLE cart_line (cart INTEGER, product INTEGER, count INTEGER, PRIMARY KEY (cart, product))",
    "CREATE TABLE customer_order (number INTEGER PRIMARY KEY, state TEXT, total INTEGER)",
)
"""The changes of the tables, oldest first. Never change an entry: add one."""


class Store:
    """One SQLite file, brought up to date when it is opened."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path)
        done = self._connection.execute("PRAGMA user_version").fetchone()[0]
        for number, migration in enumerate(MIGRATIONS[done:], done + 1):
            self._connection.execute(migration)
            self._connection.execute(f"PRAGMA user_version = {number}")

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows that the query gives."""
        return self._connection.execute(sql, values).fetchall()

    def change(self, sql: str, *values: Any) -> int:
        """Make a change; gives the number of the new row, if there is one."""
        with self._connection:
            return self._connection.execute(sql, values).lastrowid or 0
