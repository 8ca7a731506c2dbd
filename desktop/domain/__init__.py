"""The vocabulary of trading: immutable values and literal tables, standard library only."""
