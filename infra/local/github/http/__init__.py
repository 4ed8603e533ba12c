"""HTTP: the routes of the REST API and of the pages, rate limits and faults."""
