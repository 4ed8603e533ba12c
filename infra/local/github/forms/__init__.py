"""The JSON that the imitated GitHub sends: REST responses and webhook payloads."""
