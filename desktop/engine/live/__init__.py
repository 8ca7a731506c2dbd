"""Live trading: one link per account at a broker, shared by its sessions; what leaves, what comes back, what agrees."""
