"""The client without asyncio, made from `_async` by `tools/generate.py`: change it there."""
