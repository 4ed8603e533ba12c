"""The commands that repeat what got lost.

`redeliver` asks GitHub, `replay` reads the archive, and `redrive` the dead-letter queues.

`times` is the option type of their periods.
"""
