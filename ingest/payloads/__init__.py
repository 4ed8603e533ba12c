"""GitHub's JSON objects, as webhooks and the REST API send them.

`values` reads single values, and `alert_object` an alert. All of it is pure.
"""
