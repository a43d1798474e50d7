"""Understanding a need, and finding the listings that serve it for one person. Knows listings only, never patients."""
