"""What Lambda passes to a handler beside the event."""

from aws_lambda_powertools.utilities.typing import LambdaContext

CONTEXT = LambdaContext()
CONTEXT._function_name = CONTEXT._invoked_function_arn = CONTEXT._aws_request_id = "test"
CONTEXT._memory_limit_in_mb = 128
