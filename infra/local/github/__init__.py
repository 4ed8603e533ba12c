"""A fake GitHub on this machine: its REST API, its pages for Apps, and its webhooks.

`github` combines the parts: `world` (accounts, repositories, alerts and their changes), `apps`
(Apps, tokens and deliveries), `http` (the endpoints), `forms` (the JSON) and `server` (how it is
reached). Tests validate the JSON against GitHub's own schemas.
"""
