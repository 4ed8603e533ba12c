"""What GitHub reported about repositories: their facts, their teams, and which are chosen."""
