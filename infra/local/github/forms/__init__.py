"""The JSON that the fake GitHub sends: REST responses and webhook payloads."""
