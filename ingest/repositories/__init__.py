"""Repositories: which id has which name, and what GitHub reported about them.

`repository` is the pure merge of observations, and `name_change` what a rename does to the changes
of an alert. `repository_row` owns the format of the rows, and `packed_facts` that of the facts in
them. Only `repository_store` calls DynamoDB.
"""
