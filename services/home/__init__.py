"""What the Home tab shows each role: one file a role, and which parts a member sees."""
