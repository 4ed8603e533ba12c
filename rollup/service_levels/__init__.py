"""Service levels: by when alerts must be closed, and how many were. Pure arithmetic.

Never reads a row, an environment variable or a clock.
"""
