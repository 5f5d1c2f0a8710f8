"""The client for asyncio. `tools/generate.py` makes the one without it, in `_sync`, from this."""
