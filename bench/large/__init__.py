"""The cost of a query for a large organisation, and of the most expensive queries."""
