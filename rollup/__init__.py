"""Rows of All Events become overviews of repositories, and those become overviews of organisations.

All metric arithmetic lives here. Imports `ingest` and nothing else of the project.
"""
