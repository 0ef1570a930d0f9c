"""Master data from files: read strictly, every error named with its place, all or nothing."""
