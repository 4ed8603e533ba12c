"""The alarms. `alarms` adds them and sends two of them; the other modules say what they watch.

`webhook` watches whether deliveries are accepted, `events` whether their events are recorded,
`sums` whether they are counted in time, `queries` the responses to clients, and `github` the tasks
that the stack runs with the credentials of GitHub Apps. What to do about each alarm is in
`operations.remedies`.
"""
