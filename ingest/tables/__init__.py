"""Requests to DynamoDB that several stores make: batches of keys, and conditional writes."""
