"""The settings of a deployment; each is a key of the CDK context.

A module has the settings of one topic, and `general` has those of none. `every` lists all of them.
`infra.config` reads their values, and `infra.reference` writes docs/limits-and-settings.md.
"""
