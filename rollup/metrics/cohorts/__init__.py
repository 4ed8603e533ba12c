"""Alerts by the time of their creation, followed to this day. Pure arithmetic, as all of `metrics`.

`cohort` computes the statistics of the alerts created in some days, and `cohort_tally` offers them
as the measures of one group in one interval of a series.
"""
