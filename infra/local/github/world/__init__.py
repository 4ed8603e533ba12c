"""The accounts, repositories and alerts of the fake GitHub, and the changes of them."""
