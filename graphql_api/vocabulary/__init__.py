"""What the other packages of the API share: enums, errors, ids, names, months and days."""
