"""The source addresses from which GitHub delivers webhooks."""
