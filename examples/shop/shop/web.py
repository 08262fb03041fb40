"""The JSON interface: HTTP in and out, and no rules of the shop."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from shop import ShopError, cart, catalog, orders
from shop.store import Store

Start = Callable[[str, list[tuple[str, str]]], Any]


def application(store: Store) -> Callable[[dict[str, Any], Start], Iterable[bytes]]:
    """The WSGI application that serves `store`."""

    def serve(request: dict[str, Any], start: Start) -> Iterable[bytes]:
        try:
            status, answer = "200 OK", route(store, request["REQUEST_METHOD"], request["PATH_INFO"])
        except ShopError as error:
            status, answer = "400 Bad Request", {"error": str(error)}
        start(status, [("Content-Type", "application/json")])
        return [json.dumps(answer).encode()]

    return serve


def route(store: Store, method: str, path: str) -> Any:
    """The answer to one request: `/products`, `/carts/1`, `/carts/1/add/7`, `/carts/1/order`."""
    match method, path.strip("/").split("/"):
        case "GET", ["products"]:
            return [vars(product) for product in catalog.products(store)]
        case "GET", ["carts", number]:
            return {"lines": cart.lines(store, int(number)), "total": cart.total(store, int(number))}
        case "POST", ["carts", number, "add", product]:
            cart.add(store, int(number), int(product))
            return {"total": cart.total(store, int(number))}
        case "POST", ["carts", number, "order"]:
            return {"order": orders.place(store, int(number))}
        case _:
            raise ShopError("There is nothing here.")
