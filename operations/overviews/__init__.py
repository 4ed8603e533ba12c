"""Comparing the overviews with All Events, and repairing them while events keep flowing.

`__main__` is the command, `rebuild` goes through the scopes (`scope`) of a deployment, `audit`
knows in which order to read and write, `verification` compares, `reader` reads. No function of the
deployed stack imports this.
"""
