"""What `import rnngrader` finds inside the sandbox."""
