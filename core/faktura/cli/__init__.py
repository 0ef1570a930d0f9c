"""The command line: parse input, call flows or services, render output."""
