"""Scores over many splits: series, windows of series, or both.

scores        the scores of all splits as one array
pooling       one score a repeat over all splits, for verdicts on these splits: seeds are the noise
units         one score a split, for verdicts beyond them: splits are the sample
windows       the mean of a short series whose neighbours are correlated
signed_ranks  Wilcoxon's signed ranks, exact where splits are few
beyond        the verdicts beyond the splits
components    how much of the variance is of configurations, splits, both together, and seeds
wording       the same in words
"""
