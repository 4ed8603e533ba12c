"""One GraphQL request: parse, bound, validate, execute, and format its errors."""
