"""The check and repair of the overviews, while events arrive.

`verification` is what the commands call. `runner` goes through the subjects (`subjects`) of a
deployment, `audit` owns the order of reads and writes, `comparison` compares, and `reader` reads
the tables.
"""
