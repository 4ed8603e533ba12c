"""What an alert costs at each level of the overviews: requests, units and growth."""
