"""Which configuration is better, by how much, and how sure that is.

scores    the rows of an experiment as one array
pairs     the statistics of every pair
decide    the rule by which pairs are decided
further   how many more repeats would settle the others
ranking   the order and the groups that are not told apart
words     verdicts and answers in words
family    all of it: `compare`
"""

from scheduler.statistics.comparison import ALPHA, Comparison, compare, compare_scores
from scheduler.statistics.decision import Decision, Evidence
from scheduler.statistics.scores import Scores, read_scores

__all__ = ["ALPHA", "Comparison", "Decision", "Evidence", "Scores", "compare", "compare_scores", "read_scores"]
