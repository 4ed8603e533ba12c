"""The examination of a deployed stack: every part of it, and the command for what is wrong.

`run` calls one module for each group of parts. `resources` lists what CloudFormation made, with the
properties of the deployed template. The modules compare these with what AWS reports at present. All
of them only read.
"""
