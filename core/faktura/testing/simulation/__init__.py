"""A company that lives through simulated time, with a bank, a PSP, a mail server and DATEV of its own."""
