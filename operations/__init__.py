"""Commands for operators: the connection to GitHub, access keys, and the overviews.

The deployed functions never import this package.
"""
