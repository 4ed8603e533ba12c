"""The connection of an account or a repository of GitHub to a deployment, by a GitHub App.

`target` is what the user wants to connect. `connecting` runs the steps: `owned_app` finds the App
of the account or lets a person create it, `installation` waits until a person installs it, and
`first_delivery` until the stack accepts a delivery. `app_store` keeps the credentials, and `guide`
guides the person. `removal` disconnects.
"""
