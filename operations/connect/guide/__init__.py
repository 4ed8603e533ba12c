"""What guides a person through the connection: a page in the browser, and lines in the terminal.

`page` is the HTML of each step, `server` serves it on this machine, and `screen` shows the same
state on the page and in the terminal.
"""
