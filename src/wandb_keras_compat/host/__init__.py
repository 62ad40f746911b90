"""What a callback is made of: its features, their guard, the state it keeps apart from the training's."""
