"""The lifecycle of an alert: its changes, the state that follows from them, its row and its table.

`change` and `lifecycle` are pure: a reopening of a closed alert is applied in `lifecycle.fold`.
`alert_key`, `alert_row` and `packed_changes` own the format of a row. Only `alert_store` calls
DynamoDB.
"""
