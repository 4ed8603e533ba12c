"""How counts are stored: rows of the overview tables, their parts and headlines, and the ledger.

Pure: translates between values and DynamoDB items, and calls nothing.
"""
