class ServersError(RuntimeError):
    """The embedded servers cannot be used; the message says why and what to do."""
