"""The rows that a field needs: filters, subjects, lists of alerts, ages, and unknown names."""
