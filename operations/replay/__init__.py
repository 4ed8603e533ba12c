"""Replays of the event archive, as a task of a deployment.

`archive` describes what the archive keeps, and `run` starts a replay and follows it. Every event
goes to the state machine again, which ends in the same rows.
"""
