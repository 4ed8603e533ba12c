"""GraphQL over HTTP: who may ask, how a request is read, and how a response travels."""
