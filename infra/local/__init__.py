"""The whole system on one machine: an AWS emulator, the deployed stack, and a fake GitHub.

`setup` installs the tools. `emulator` runs in place of AWS, and `github` in place of GitHub.
`deployment` deploys the CDK app to the emulator, and `client` sends webhooks and queries to it.
`day_one` gives the fake GitHub its history. `make run` calls `run`. `story` has sample webhooks
and `meta` a meta endpoint, for tests. Nothing in this folder is deployed to AWS.
"""
