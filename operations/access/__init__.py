"""Who may read a deployment: API keys, and badges with a token of their own."""
