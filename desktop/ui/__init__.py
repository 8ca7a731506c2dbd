"""The window: panels, dialogs and widgets over the desk. The only package that knows Qt."""
