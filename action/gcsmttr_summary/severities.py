"""The severities of alerts, the most severe first, as in the enum `Severity` of the API."""

SEVERITIES = ("CRITICAL", "HIGH", "MEDIUM", "LOW", "ERROR", "WARNING", "NOTE", "NONE")
