"""Screening: questions asked by staff, on a tablet, or by a link; what came of them; a site's own sets of questions."""
