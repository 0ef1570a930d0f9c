"""The billing rules: pure values and functions, no input or output."""
