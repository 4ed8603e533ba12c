"""Commands for operators: the connection to GitHub, access keys, overviews and lost events.

The deployed functions never import this package.
"""
