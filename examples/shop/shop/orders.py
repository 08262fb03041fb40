"""Carts that became orders, and their states."""

from shop import ShopError
from shop.cart import lines, total
from shop.store import Store

NEXT = {"placed": "paid", "paid": "sent", "sent": "delivered"}


def place(store: Store, cart: int) -> int:
    """Make an order of the cart, empty the cart, and give the order's number."""
    bought = lines(store, cart)
    if not bought:
        raise ShopError("The cart is empty.")
    number = store.change("INSERT INTO customer_order (state, total) VALUES ('placed', ?)", total(store, cart))
    for product, count in bought:
        store.change("UPDATE product SET in_stock = in_stock - ? WHERE number = ?", count, product)
    store.change("DELETE FROM cart_line WHERE cart = ?", cart)
    return number


def advance(store: Store, number: int) -> str:
    """Move an order to its next state, and give that state."""
    rows = store.query("SELECT state FROM customer_order WHERE number = ?", number)
    if not rows or rows[0][0] not in NEXT:
        raise ShopError(f"The order {number} cannot go on.")
    state = NEXT[rows[0][0]]
    store.change("UPDATE customer_order SET state = ? WHERE number = ?", state, number)
    return state
