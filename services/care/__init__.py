"""What people do about a patient's care besides logging time."""
