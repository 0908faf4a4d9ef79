"""The listeners, one file for each kind of thing a person does. They are independent of one another."""
