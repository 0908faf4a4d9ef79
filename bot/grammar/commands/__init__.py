"""The commands, one file each: description, help and reading."""
