"""A local Slack, good enough to trust, with a chat page. A program apart: it imports none of the other packages."""
