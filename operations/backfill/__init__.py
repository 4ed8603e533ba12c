"""The backfill: GitHub's list of alerts, compared with the stored alerts, published to the bus.

`sources` finds what a command names, `run` is the run of one backfill, and `would_change` counts
what a dry run finds.
"""
