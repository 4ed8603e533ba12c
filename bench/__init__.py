"""The benchmark: counted requests, computed capacity units, and ratios of CPU times.

It runs the real code on this machine and needs no AWS. Each part is a module with a function
`measure() -> list[Table]`; `__main__` lists them. Every figure is cited in `docs`. Counts are
exact. CPU times are compared between processes that take turns in one run, and nothing asserts on
them.
"""
