"""The cost of an alert at each level of the overviews: requests, units and their growth."""
