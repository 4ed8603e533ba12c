"""The command line `gcsmttr`: parses arguments, calls one function of `operations`, and prints.

`app` collects the commands, `options` has what all of them accept, `output` prints, and
`exit_status` lists how they end. Each other module is one command or one group of commands. The
rules are in the rest of `operations`.
"""
