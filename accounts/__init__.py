"""Who is this? Users, roles, permissions and sign-in."""
