"""The whole system on one machine: an AWS emulator, the deployed stack, a story told to it.

`setup` installs, `emulator` and `meta` stand in for AWS and GitHub's meta endpoint, `deployment`
deploys the CDK app, `client` speaks HTTP to it as GitHub and as a reader would, `story` is what is
told, `run` is `make run`. Nothing here is ever deployed.
"""
