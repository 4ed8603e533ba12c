"""The two events on the event bus, AlertEvent and RepositoryEvent.

Owns which values are valid, and the fields of each version of their JSON. Pure.
"""
