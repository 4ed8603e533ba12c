"""What a query costs: time, reads and cold starts, beside other stacks."""
