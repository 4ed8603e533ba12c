"""The commands that repeat what got lost: `redeliver` at GitHub, and `replay` from the archive.

`times` is the option type of their periods.
"""
