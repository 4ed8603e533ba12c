"""The event bus, to which the receiver and the reconciliation send AlertEvents."""
