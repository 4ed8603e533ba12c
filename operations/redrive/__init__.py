"""Redriving of dead letters: what is in a dead-letter queue is processed again, after the fix.

`letters` receives and deletes messages, and `contents` describes them. `run` chooses between
`moving_back` (the FIFO queues), `republishing` (events), `moving` (the mover) and the repair of the
overviews (references to stream records).

A message is deleted only after its effect is certain, so that an interruption loses nothing. What
is processed twice counts once.
"""
