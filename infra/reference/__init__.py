"""The reference of limits and settings in docs/: `python -m infra.reference` writes it.

`limits` lists the limits, each a `limit`; `page` lays out the file.
"""
