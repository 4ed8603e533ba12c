"""Requests to GitHub: the connection, credentials, retries, the meaning of responses, and pages."""
