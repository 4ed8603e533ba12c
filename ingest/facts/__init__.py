"""What events report besides the change: the details of an alert, and the facts of its repository.

Plain values with their limits; `events.facts_detail` owns their JSON. None of them changes a count.
All of it is pure.
"""
