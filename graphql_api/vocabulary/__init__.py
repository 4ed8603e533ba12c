"""The terms that all packages of the API share: enums, errors, ids, names, months and days."""
