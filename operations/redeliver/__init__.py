"""Redelivery of lost webhook deliveries, as a task of a deployment.

`hooks` finds the webhooks of the deployment, and `run` reads their deliveries and asks GitHub for
those that the receiver never accepted.
"""
