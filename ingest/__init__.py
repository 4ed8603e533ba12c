"""Webhook deliveries become rows of the All Events table.

The way of an alert starts here: `authorizer_handler` (source address), `receiver_handler`
(signature, `webhook`, `payload`, one `event` onto the bus), `recorder_handler` (the fold in
`alert`, kept by `alert_store`). Imports no other package of the project.
"""
