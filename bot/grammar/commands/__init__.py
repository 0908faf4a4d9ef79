"""The commands, one file each: what `help` says of it, what it is given, how its words are read.

A file here is a command: `bot.grammar.registry` looks for them, so that none is listed anywhere. What several
commands have in common is in `bot.grammar.call`.
"""
