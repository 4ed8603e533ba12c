"""The whole system on one machine: an AWS emulator, the deployed stack, and sample alerts.

`setup` installs what is needed. `emulator` replaces AWS, and `meta` GitHub's meta endpoint.
`deployment` deploys the CDK app, `client` sends it webhooks and queries, and `story` contains the
sample alerts. `run` is `make run`. Nothing in this folder is deployed.
"""
