"""The dashboard: the Lambda function that serves the page of the folder `dashboard`."""
