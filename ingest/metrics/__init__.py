"""The metrics of the stack in CloudWatch.

`names` owns the namespace, the dimensions and the names; `report` writes values.
"""
