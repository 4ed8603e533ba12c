"""A configuration of botocore that saves work in each request.

By default botocore validates the parameters of each request and composes its user agent. Here only
`reading` and `access` build requests, tests validate these, and the user agent never changes.
"""

from botocore.config import Config

CONFIG = Config(parameter_validation=False, user_agent="gcsmttr")
