"""The constructs of the stack, each a group of AWS resources with one task.

`storage` has the tables, `gateway` the HTTP API. `source_addresses`, `pipeline` with `recording`,
`rollups` and `api` follow the path of an alert. `alarms` watches them. `functions` and
`dead_letters` make the functions and queues of all of these.
"""
