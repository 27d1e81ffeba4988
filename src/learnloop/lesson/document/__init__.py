"""Reading a lesson document: ``reader.read`` gives a :class:`.model.Document`, or every problem at once."""
