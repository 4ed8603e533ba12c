"""The tasks that the stack runs on a schedule for each connected GitHub App.

`connected_apps` are the Apps, `installations` the accounts that they are installed on, and
`task_states` is what a task keeps from one run to the next. `redelivery` is a run over the
deliveries of an App, and `reconciliation` is one step of the state machine.
"""
