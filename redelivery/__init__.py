"""Redelivery of the webhook deliveries that the receiver never accepted.

`attempts` finds the lost events among the attempts to deliver them, and `run` asks GitHub to
deliver them again. GitHub never redelivers without a request.
"""
