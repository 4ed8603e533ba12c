"""What a deployment costs: counted requests and the settings of the template, times list prices."""
