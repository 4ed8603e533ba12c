"""A report about the remediation of alerts, for a mail, a chat or a spreadsheet.

`query` asks the API of a deployment, `figures` reads the response, and `markdown`, `html` with
`charts`, and `table` write the report.
"""
