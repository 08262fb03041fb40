"""What a customer is about to buy."""

from shop import ShopError
from shop.catalog import product
from shop.store import Store

MOST_OF_ONE = 20


def add(store: Store, cart: int, number: int, count: int = 1) -> None:
    """Put `count` of a product into the cart. Raises ShopError when there are not as many."""
    wanted = dict(lines(store, cart)).get(number, 0) + count
    if wanted < 0 or wanted > MOST_OF_ONE:
        raise ShopError(f"A cart holds from 0 to {MOST_OF_ONE} of one product.")
    if wanted > product(store, number).in_stock:
        raise ShopError("There are not as many in stock.")
    store.change("DELETE FROM cart_line WHERE cart = ? AND product = ?", cart, number)
    if wanted:
        store.change("INSERT INTO cart_line (cart, product, count) VALUES (?, ?, ?)", cart, number, wanted)


def lines(store: Store, cart: int) -> list[tuple[int, int]]:
    """(product number, count) of each line of the cart."""
    rows = store.query("SELECT product, count FROM cart_line WHERE cart = ? ORDER BY product", cart)
    return [(row[0], row[1]) for row in rows]


def total(store: Store, cart: int) -> int:
    """What the cart costs, in cents."""
    return sum(product(store, number).price * count for number, count in lines(store, cart))
