"""Alerts as GitHub's REST API lists them: as events, and compared with what is stored.

`snapshot` reads one listed alert, `drift` finds how the stored alert differs, and `absence` reports
an alert that GitHub does not have any more. All of it is pure. `github_rest` sends the requests.
"""
