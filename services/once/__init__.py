"""Carries out each delivery of Slack's once, and answers its redelivery as the first."""
