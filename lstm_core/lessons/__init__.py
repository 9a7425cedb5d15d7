"""What is taught, as data: chapters, presets with the claim that each proves, and questions."""
