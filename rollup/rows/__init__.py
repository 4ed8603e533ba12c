"""How counts are stored: rows of the overview tables, their parts and headlines, and the ledger.

Pure: translates between values and DynamoDB's items, and calls nothing.
"""
