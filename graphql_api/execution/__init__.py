"""Run one GraphQL request: parse, check the limits, validate, execute, and format the errors."""
