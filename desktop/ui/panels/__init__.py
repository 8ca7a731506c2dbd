"""One dock each; panels never import each other, they raise intents."""
