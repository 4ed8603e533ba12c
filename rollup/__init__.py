"""Rows of All Events become overviews of repositories, and those become overviews of organisations.

The way of a change: forwarder handler, `forwarding`, `message`, queue, applier handler, `batch`,
`rollup_store` around the pure `fold`. All metric arithmetic lives here: what rows amount to when
they are asked for is in `series`, `tally` and `metrics`. `rebuild` is the command that checks and
repairs. Imports `ingest` and nothing else of the project.
"""
