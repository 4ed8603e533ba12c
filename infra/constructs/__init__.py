"""The constructs of the stack, each a group of AWS resources with one task.

`storage` has the tables, `gateway` the HTTP API. `source_addresses`, `pipeline` with
`state_machine`, `rollups` and `api` follow the path of an alert. `github_tasks` calls GitHub on a
schedule. `alarms` watches all of these. `functions` and `dead_letters` make their functions and
queues.
"""
