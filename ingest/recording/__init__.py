"""Recording of events, and moves of alerts after their repository was renamed or deleted.

`next_row` is pure: which row follows from an event or a move. `recorder` records one event, and
`mover` settles a repository whose alerts have to move. Both relocate rows by `relocation`, in
transactions, so that an alert is stored once at any time.
"""
