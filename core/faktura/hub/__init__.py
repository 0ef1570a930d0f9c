"""Loads the plugins, keeps the registry, builds and hands out typed adapters."""
