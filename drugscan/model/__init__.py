"""Models: features, training, classifying, evaluating and storing."""
