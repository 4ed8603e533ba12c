"""Who may read what: API keys and their table."""
