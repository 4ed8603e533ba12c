"""The GraphQL stacks that are compared: GCSMTTR, the stock stack, and other frameworks.

Each stack is a function from the data of the responses, by document, to a handler. The stacks
without a rollup of their own return finished metrics from that data.
"""

from collections.abc import Callable, Mapping
from typing import Any

Handler = Callable[[str], str]
"""A function from the body of a request to the body of its response."""

Data = Mapping[str, Any]
"""The `data` of the response to each document; empty for the stack that makes it."""
