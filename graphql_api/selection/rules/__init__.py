"""Alerts by rule and by CWE.

`window_alerts` reads the alerts of a window, and `tallies` counts them. `cwe_pages` reads pages of
the alerts with some CWEs.
"""
