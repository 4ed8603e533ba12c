"""What GCSMTTR costs: counted requests, computed capacity units and ratios of CPU times.

Runs the real code on this machine, beside `infra` and never inside the service. A part is a module
with `measure() -> list[Table]`, named in `__main__`. Nothing here asserts on wall time: what is
counted is exact, what is timed is the ratio of two loops that take turns in one run.
"""
