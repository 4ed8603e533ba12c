"""The CDK app: one stack that holds the whole way of an alert.

`app` reads the context (`config`), `stack` composes the rooms (`storage`, `gateway`,
`source_addresses`, `pipeline`, `rollups`, `api`, `alarms`) and grants; `bundles` makes what the
functions run from. Nothing of the running service imports this package.
"""
