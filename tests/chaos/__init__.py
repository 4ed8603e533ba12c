"""Load and faults on the stack that is deployed to the emulator; `make chaos` runs all of them.

`story` makes the deliveries and the expected alerts; `recount` compares the tables with them.
`proxy` stands between the functions and the emulator; `effects` are what it does to a request.
`faults` lists the faults, `stage` prepares the deployed stack, and `trial` tries some faults.
`remedies` runs the documented command of a dead-letter queue. `loads` sends many alerts at once,
`special` needs more than the proxy, and `restart` starts the emulator again.
"""
