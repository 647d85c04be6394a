"""Where map steps run. Engines dispatch and hold no logic."""
