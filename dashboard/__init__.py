"""What needs me today? The home page of each role."""
