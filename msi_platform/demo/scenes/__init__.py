"""What happens in the demo, scene by scene. Each scene calls services as the people do."""
