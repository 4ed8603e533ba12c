"""The cost of a query: CPU time, reads and cold starts, compared with other stacks."""
