"""The GraphQL API over the three tables, and its front end GraphiQL. It only reads the tables.

The path of a request: `query_handler` (API Gateway event) → Mangum → `http.asgi` → `http.service`
(HTTP, access) → `execution.engine` (parse, validate, execute) → the Strawberry `schema` →
`selection` (which rows a field needs) → `reading.reader` (DynamoDB).
"""
