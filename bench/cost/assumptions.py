"""What cannot be counted without AWS. Each value is an estimate, and the page says so."""

INVOCATION_MS = 50
"""The billed time of an invocation, without cold starts."""
EXPRESS_MS = 300
"""The billed time of an execution, in steps of 100 ms: the start and one invocation."""
EXPRESS_MB = 64
"""The billed memory of an execution, the smallest step."""
ACCESS_LOG_BYTES = 500
"""The bytes of a line of the access log."""
POLLS_AT_ONCE = 5
"""The long polls with which Lambda begins on a queue."""
POLL_S = 20
MONTH_S = 365 * 86_400 // 12
