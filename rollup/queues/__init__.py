"""The messages between a stream handler and a queue handler: built, sent and received.

Owns everything about the two FIFO queues. Never reads or writes a table itself.
"""
