"""Reads and writes of the overview tables and the ledger, and messages to the queues."""
