"""Block Kit for each thing the bot shows; the sentences in it live in `bot.words`."""
