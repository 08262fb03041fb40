"""Orch: plan, analyse and implement features with prompts that are versioned like code."""

__version__ = "0.1.0"
