"""Whether a strategy deserves money: prerequisites of live trading and their evidence."""
