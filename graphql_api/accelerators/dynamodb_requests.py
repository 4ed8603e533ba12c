"""Requests that botocore neither checks nor describes anew each time.

It validates the parameters of every request and composes its user agent. Here `reading` alone
builds requests, and the user agent never changes.
"""

from botocore.config import Config

CONFIG = Config(parameter_validation=False, user_agent="gcsmttr")
