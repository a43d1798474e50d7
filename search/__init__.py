"""Understanding a need and finding listings: lexicon, index, geography, ranking."""
