"""Training in NumPy: tasks, learners, optimisers, checkpoints, and a race between cells."""
