"""One file per thing a person does. They do not know one another; `bot.app` puts them together."""
