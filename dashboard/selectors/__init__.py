"""What each home page shows, read from the apps below."""
