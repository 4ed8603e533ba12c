"""The GraphQL schema: its types, arguments, filters and resolvers."""
