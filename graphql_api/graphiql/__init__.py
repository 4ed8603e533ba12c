"""GraphiQL, served beside the API."""
