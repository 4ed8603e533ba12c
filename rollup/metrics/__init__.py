"""All metric arithmetic: counts, windows, series and statistics.

Pure: independent of rows, tables and AWS.
"""
