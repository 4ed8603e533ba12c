"""The first package on an alert's path: webhook deliveries become rows of the All Events table.

`authorizer_handler` checks the source address. `receiver_handler` checks the signature
(`webhooks.signature`), reads the payload (`webhooks.payload`) and puts one event (`events`) onto
the bus. `recorder_handler` adds the event to the alert's row (`alerts`). `refresher_handler`
keeps the source addresses up to date. This package does not import any other package of the
project.
"""
