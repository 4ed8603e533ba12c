"""GitHub, imitated on this machine: its REST API, its pages for Apps, and its webhooks.

`github` is the whole, `world` what exists and can happen, `http` the requests, `apps` who may call
and what is delivered, `forms` the JSON, `server` how it is reached. Tests validate the JSON against
GitHub's own schemas.
"""
