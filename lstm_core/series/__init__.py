"""A network that forecasts series, and tables of numbers to forecast from."""
