"""The rules of the shop."""

import pytest

from shop import ShopError, cart, catalog, orders
from shop.store import Store


@pytest.fixture
def store() -> Store:
    made = Store(":memory:")
    made.change("INSERT INTO product VALUES (1, 'Tea', 450, 10), (2, 'Cup', 1200, 2)")
    return made


def test_the_cheapest_product_comes_first(store: Store) -> None:
    assert [product.name for product in catalog.products(store)] == ["Tea", "Cup"]
    assert [product.name for product in catalog.products(store, "cu")] == ["Cup"]


def test_a_cart_adds_up(store: Store) -> None:
    cart.add(store, 7, 1, 2)
    cart.add(store, 7, 2)
    assert cart.total(store, 7) == 2100


def test_a_cart_takes_no_more_than_there_is(store: Store) -> None:
    with pytest.raises(ShopError, match="in stock"):
        cart.add(store, 7, 2, 3)


def test_an_order_empties_the_cart_and_the_shelf(store: Store) -> None:
    cart.add(store, 7, 1, 10)
    number = orders.place(store, 7)
    assert cart.lines(store, 7) == []
    assert catalog.product(store, 1).in_stock == 0
    assert orders.advance(store, number) == "paid"
