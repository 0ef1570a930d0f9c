"""The revisions, in the order of their numbers; each is written once and never changed."""
