"""All metric arithmetic: counts, windows, series and statistics.

Pure. Knows no rows, no tables and no AWS.
"""
