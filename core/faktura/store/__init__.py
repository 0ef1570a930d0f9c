"""The only SQL: tables, transactions, bulk writes and one file of reads and writes a noun."""
