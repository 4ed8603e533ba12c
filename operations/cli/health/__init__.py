"""The commands that show whether a deployment is well; `sections` is how both print."""
