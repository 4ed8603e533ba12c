"""The tasks that the stack runs on a schedule for each connected GitHub App.

`connected_apps` are the Apps, and `task_states` is what a task keeps from one run to the next.
`redelivery` is a run over the deliveries of an App.
"""
