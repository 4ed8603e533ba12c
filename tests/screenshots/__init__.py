"""The pictures in the documentation, made by `make screenshots` from the story of `make run`.

`pictures` lists them and takes them. `speed` measures the page in the same browser.
"""
