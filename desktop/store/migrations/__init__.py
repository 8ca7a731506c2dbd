"""The numbered migrations, one frozen module each."""
