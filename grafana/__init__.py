"""The Grafana dashboard and its provisioning files, generated for the Infinity data source.

`python -m grafana` writes the committed files. No code of the stack imports this package.
"""
