"""GraphQL over HTTP: authenticate the client, read the request, and build the response."""
