"""`gcsmttr backfill`: `command` calls the run, `display` shows it, `report` prints its result."""
