"""The live page: experiments and their reports in a browser, updated while they train; it only reads the store."""
