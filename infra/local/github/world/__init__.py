"""What exists on the imitated GitHub, and what can happen to it."""
