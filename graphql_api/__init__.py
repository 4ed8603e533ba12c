"""The three tables become answers: the GraphQL API and its front-end, GraphiQL. Reads only.

The way of a request: `query_handler` (API Gateway event) → Mangum → `app` (ASGI) → `service` (HTTP,
access) → `engine` (parse, validate, execute) → the Strawberry `schema` → `reader` (DynamoDB).
"""
