"""GraphiQL, the query editor: its page and the Lambda function that serves it."""
