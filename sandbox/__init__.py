"""A local Slack with a chat page, good enough to trust. A program apart: it imports no other package."""
