"""Windows that ask something; opened with .open(), never exec()."""
