"""Scores over many splits: series, windows of series, or both.

scores        the scores of all splits as one array
pooling       one score a repeat over all splits, for verdicts on these splits: seeds are the noise
units         one score a split, for verdicts beyond them: splits are the sample
windows       the mean of a short series whose neighbours are correlated
signed_ranks  Wilcoxon's signed ranks, exact where splits are few
seeds         what seeds that all splits have in common add to the noise
beyond        the verdicts beyond the splits
components    how much of the variance is of configurations, splits, both together, and seeds
record        all that many splits say beside the comparison on them
reading       scores from the rows of a store's results
table         the pairs beyond the splits as a table
verdicts      both verdicts, in one comparison
wording       the same in words
"""
