"""Alerts as GitHub's REST API lists them: as events, and compared with what is stored.

`snapshot` reads one listed alert, and `drift` says how the stored alert differs. All of it is pure;
the requests to GitHub are not in this package.
"""
