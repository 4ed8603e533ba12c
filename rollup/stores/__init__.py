"""Reads and writes of the overview tables and the ledger.

Owns every call to DynamoDB in this package.
"""
