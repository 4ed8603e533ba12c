"""How long alerts have been open: counts by age and by due time, and percentiles of ages.

`ages` chooses between two sources: rows of overviews (`row_ages`, `row_percentiles`) and the open
alerts themselves (`listed_ages`). `open_alerts` reads the latter.
"""
