"""API keys: their table, their check, and what the holder of a key can read."""
