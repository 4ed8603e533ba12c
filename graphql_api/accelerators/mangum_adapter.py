"""Mangum for events of an HTTP API and an application that never waits.

Mangum reads an event when it comes and once more when it answers, and runs the application in an
event loop. Owns how often these things happen. How events and responses are read is Mangum's.
"""

from collections.abc import Coroutine
from functools import cached_property
from typing import Any

from mangum import Mangum
from mangum.handlers import HTTPGateway
from mangum.protocols import HTTPCycle
from mangum.types import ASGI, LambdaContext, LambdaEvent, Scope


class Adapter(Mangum):
    """A callable for Lambda around an ASGI application that awaits nothing but its messages."""

    def __init__(self, app: ASGI, *, text_mime_types: list[str]) -> None:
        super().__init__(app, "off", custom_handlers=[_HttpApi], text_mime_types=text_mime_types)

    def _setup_event_loop(self) -> None:
        """There is none."""

    def __call__(self, event: LambdaEvent, context: LambdaContext) -> dict[str, Any]:
        """Return the response to an event of payload format 2.0."""
        gateway = self.infer(event, context)
        cycle = HTTPCycle(gateway.scope, gateway.body)
        _run_through(cycle.run(self.app))
        return gateway({"status": cycle.status, "headers": cycle.headers, "body": cycle.body})


class _HttpApi(HTTPGateway):
    @cached_property
    def scope(self) -> Scope:
        return super().scope


def _run_through(coroutine: Coroutine[Any, Any, None]) -> None:
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    raise RuntimeError("the application waits for something, but there is no event loop here")
