"""What a field asks for: filters, subjects, lists of alerts, ages, and unknown names."""
