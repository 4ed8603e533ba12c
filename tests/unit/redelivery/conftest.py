"""The fake GitHub of the tests of github_rest."""

from tests.unit.github_rest.conftest import clock, connect, github, receiver

__all__ = ["clock", "connect", "github", "receiver"]
