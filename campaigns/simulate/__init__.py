"""A seeded, believable public agency: for the demo, for doctests and for tests."""

from __future__ import annotations

from campaigns.simulate.files import write
from campaigns.simulate.truth import Organisation, organisation

__all__ = ["Organisation", "organisation", "write"]
