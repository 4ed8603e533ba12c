"""The GitHub action: a summary of a repository, a team or an organisation in a job.

It runs on the runner's Python, 3.10 or newer, and needs no package. `__main__` reads `inputs`,
sends one query (`api`), computes the `figures`, checks the `conditions`, and writes the `summary`.
"""
