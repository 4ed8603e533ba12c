"""The CDK app: one stack with everything that GCSMTTR needs on AWS.

`app` reads the CDK context (`settings`, `config`) and makes the `stack`, which composes the
`constructs` and grants permissions. `bundles` makes the folders that the functions run from.
`local` deploys the stack to an emulator, and `reference` writes the list of limits and settings.
The running service never imports this package.
"""
