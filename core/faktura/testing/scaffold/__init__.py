"""What `faktura plugins new` writes: a text file a kind of connector, each the files of a distribution."""
