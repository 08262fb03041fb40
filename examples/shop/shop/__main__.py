"""Serve the shop on 127.0.0.1:8080."""

from wsgiref.simple_server import make_server

from shop.store import Store
from shop.web import application

with make_server("127.0.0.1", 8080, application(Store("shop.sqlite3"))) as server:
    server.serve_forever()
