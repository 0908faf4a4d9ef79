"""Use cases about a patient's care besides logging time."""
