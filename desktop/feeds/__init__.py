"""Sources of prices behind the one port `MarketFeed`."""
