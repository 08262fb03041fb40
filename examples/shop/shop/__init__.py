"""A small web shop."""


class ShopError(Exception):
    """A customer asked for something that the shop does not do. Its text is a sentence for the customer."""
