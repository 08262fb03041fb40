"""Products and their prices."""

from dataclasses import dataclass

from shop import ShopError
from shop.store import Store


@dataclass(frozen=True)
class Product:
    """Something to buy. `price` is in cents."""

    number: int
    name: str
    price: int
    in_stock: int


def products(store: Store, search: str = "") -> list[Product]:
    """The products whose name holds `search`, cheapest first."""
    rows = store.query("SELECT number, name, price, in_stock FROM product ORDER BY price, number")
    return [Product(*row) for row in rows if search.lower() in row[1].lower()]


def product(store: Store, number: int) -> Product:
    """The product with that number. Raises ShopError when there is none."""
    for row in store.query("SELECT number, name, price, in_stock FROM product WHERE number = ?", number):
        return Product(*row)
    raise ShopError(f"There is no product {number}.")
