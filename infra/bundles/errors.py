"""The errors of building bundles."""

from infra.errors import InfraError


class BundleError(InfraError):
    """A bundle cannot be built; the message names what failed and why."""


class MissingModuleError(BundleError):
    """A handler module that a bundle lists does not exist."""
