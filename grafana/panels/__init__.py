"""The panels of the dashboard: cards, charts and tables."""
