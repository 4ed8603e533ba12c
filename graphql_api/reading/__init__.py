"""Reads of the tables: which request reads which index, budgets, cursors and pages."""
