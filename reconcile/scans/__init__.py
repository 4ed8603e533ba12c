"""The scans of an account's alerts: `hourly` of what changed, `weekly` of everything.

A scan does one part at a time and returns the run after it. `walk` goes over the repositories,
`absence` finds alerts that GitHub does not have any more, and `observations` are the events about
repositories.
"""
