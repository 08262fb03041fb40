"""How surely a name is that of a part."""

STRONG, BARE, FEEBLE = 3, 2, 1
"""A full name ("ANALYSIS TEMPLATE"); a word that may as well be a part's own heading ("Analysis"); a mere hint."""
