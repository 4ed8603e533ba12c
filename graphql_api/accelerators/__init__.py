"""Measures taken for speed. Nothing outside this package depends on them."""
