"""faktura: a self-hosted, plugin-based billing hub."""
