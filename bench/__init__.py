"""Benchmarks of language servers, side by side in one run: `make bench`."""
