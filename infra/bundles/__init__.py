"""Bundles: the folders that the Lambda functions run from.

`bundle` describes the bundles, `build` makes them. A bundle consists of third-party packages
(`packages`), the project's own modules that its handlers import (`import_closure`), and for one of
them the GraphiQL page (`front_end`). `compilation` writes bytecode, `folders` keeps what is built.
Never resolves versions: `requirements/bundles/<name>.txt` pins them with hashes.
"""
