"""Commands for operators: access keys, and the check and repair of the overviews.

The deployed functions never import this package.
"""
