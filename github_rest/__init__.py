"""Calls GitHub's REST API: code scanning alerts, repositories, webhook deliveries, GitHub Apps.

`alerts`, `repositories`, `deliveries`, `apps`, `manifest` and `rate_limits` are the calls. `http`
sends requests one at a time, with credentials and retries. Independent of all other packages:
alerts are returned as GitHub sends them, and `ingest` parses them.
"""
