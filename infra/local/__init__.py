"""The whole system on one machine: an AWS emulator, the deployed stack, and sample alerts.

`setup` installs the tools. `emulator` runs in place of AWS, and `meta` in place of GitHub's meta
endpoint. `deployment` deploys the CDK app to the emulator, and `client` sends webhooks and queries
to it. `story` contains the sample alerts, and `github` is a fake GitHub. `make run` calls `run`.
Nothing in this folder is deployed to AWS.
"""
