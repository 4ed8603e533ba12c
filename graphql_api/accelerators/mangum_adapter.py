"""Mangum for events of an HTTP API and an application that never waits.

Mangum reads each event twice, for the request and for the response, and runs the application in an
event loop. This adapter reads each event once and does not use an event loop. Mangum's own classes
still translate events and responses.
"""

from collections.abc import Coroutine
from functools import cached_property
from typing import Any

from mangum import Mangum
from mangum.handlers import HTTPGateway
from mangum.protocols import HTTPCycle
from mangum.types import ASGI, LambdaContext, LambdaEvent, Scope


class HttpApiAdapter(Mangum):
    """A Lambda handler for an ASGI application that awaits only its messages."""

    def __init__(self, app: ASGI, *, text_mime_types: list[str]) -> None:
        super().__init__(app, "off", custom_handlers=[_Gateway], text_mime_types=text_mime_types)

    def _setup_event_loop(self) -> None:
        """Do nothing, since there is not any event loop."""

    def __call__(self, event: LambdaEvent, context: LambdaContext) -> dict[str, Any]:
        """Return the response to an event of payload format 2.0.

        Raises:
            RuntimeError: The application awaits something else than its messages.
        """
        gateway = self.infer(event, context)
        cycle = HTTPCycle(gateway.scope, gateway.body)
        _run(cycle.run(self.app))
        return gateway({"status": cycle.status, "headers": cycle.headers, "body": cycle.body})


class _Gateway(HTTPGateway):
    @cached_property
    def scope(self) -> Scope:
        return super().scope


def _run(coroutine: Coroutine[Any, Any, None]) -> None:
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    raise RuntimeError("the application waits, but there is not any event loop")
