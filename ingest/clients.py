"""How long the functions wait for AWS services, and when they make their clients.

botocore waits 60 seconds for a connection and for each part of a response, and repeats a request up
to nine times: a function would be stopped before it could report anything. Each of these limits
fits the shortest timeout of the functions that use it. The last attempt ends before the function
does, so that the function raises its own error.
"""

import os
from collections.abc import Callable, Mapping
from typing import NamedTuple

from botocore.config import Config

_ON_LAMBDA = "AWS_LAMBDA_FUNCTION_NAME"
TABLE_PAUSE_S = 0.05
"""The longest pause after the first attempt of a request to DynamoDB, by botocore."""
OTHER_PAUSE_S = 1.0
"""The same for all other services. Each further pause can be twice as long."""


class Waits(NamedTuple):
    """The limits of one request.

    Attributes:
        connect_s: The longest wait for a connection.
        read_s: The longest wait for the next part of a response.
        attempts: How often the request is sent.
    """

    connect_s: int
    read_s: int
    attempts: int

    @property
    def config(self) -> Config:
        """The configuration of a client."""
        return Config(
            connect_timeout=self.connect_s,
            read_timeout=self.read_s,
            retries={"total_max_attempts": self.attempts},
        )

    def longest_s(self, pause_s: float) -> float:
        """Return how long a request can take if the service does not respond at all."""
        pauses_s = sum(pause_s * 2.0**attempt for attempt in range(self.attempts - 1))
        return self.attempts * (self.connect_s + self.read_s) + pauses_s


WEBHOOK = Waits(connect_s=1, read_s=2, attempts=2)
"""GitHub waits ten seconds for a response: if a service hangs, there must be time for the 503."""
TABLES = Waits(connect_s=1, read_s=3, attempts=4)
"""The queue handlers and the recorder run for up to 20 seconds. Their input is sent again."""
TASKS = Waits(connect_s=1, read_s=10, attempts=4)
"""The scheduled tasks run for minutes, and keep a minute for their last request."""


def make_at_start(
    *builders: Callable[[], object], environment: Mapping[str, str] = os.environ
) -> None:
    """Call the builders now if Lambda starts this process.

    Lambda gives a process more CPU during the initialisation than afterwards, and the first request
    does not wait for clients. Elsewhere, for example in tests, the first use calls a builder.
    """
    if _ON_LAMBDA in environment:
        for build in builders:
            build()
