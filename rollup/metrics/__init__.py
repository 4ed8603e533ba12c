"""All metric arithmetic: counts, windows, series and statistics.

Pure. It does not know rows, tables or AWS.
"""
