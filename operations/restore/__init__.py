"""Restores the tables of a deployment to an earlier time, beside the present ones.

Owns the restored tables until a deployment uses them. Never changes a present table.
"""
