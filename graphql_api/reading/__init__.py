"""Reads of the tables for queries: requests, indexes, budgets, pages and cursors."""
