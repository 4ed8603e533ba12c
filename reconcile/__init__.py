"""GitHub's lists of alerts, compared with the stored alerts: only differences go to the event bus.

`step` reads one page, compares it, publishes the differences and saves the cursor. Commands and
workflows repeat it until the list ends. `sources` are the lists of GitHub, `stored_alerts` and
`connections` the tables, `comparison` and `progress` the pure parts.
"""
