"""What each screen of the bot looks like and says: the blocks and the sentences of one screen in one file.

A name in `_PUSH` is a top-level text: it becomes the push notification and names no patient.
"""
