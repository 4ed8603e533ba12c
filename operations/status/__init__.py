"""The state of a deployment, and what to do about what is wrong.

`collect` calls one module for each section: `connections`, `github_apps`, `newest_events`,
`queues`, `dead_letters` and `hook_ranges`. `section` is what each of them returns, and `metrics`
reads CloudWatch. All of them only read.
"""
