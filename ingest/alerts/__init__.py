"""The lifecycle of an alert: what a change means, the state that follows, its row and its table.

`change` and `lifecycle` are pure; `alert_key` and `alert_row` own the spelling of a row;
`alert_store` is the only module here that calls DynamoDB.
"""
