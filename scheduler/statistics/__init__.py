"""Which configuration is better, by how much, and how sure that is.

scores             the rows of an experiment as one array
pairs              the statistics of every pair
decision           the rule that decides pairs
repeats_needed     how many more repeats would settle the others
sequential         the same under repeated looks, for `top-up`
comparison         all pairs as one family: `compare`
side_by_side       the configurations of two experiments as one family
ranking            the order, and the groups that cannot be distinguished
outcomes           what can be concluded, as values
wording, answers   the same in words
conclusions        all of it for an experiment of a store
"""

from scheduler.statistics.comparison import ALPHA, Comparison, compare, compare_scores
from scheduler.statistics.decision import Decision, Evidence
from scheduler.statistics.scores import Scores, read_scores

__all__ = ["ALPHA", "Comparison", "Decision", "Evidence", "Scores", "compare", "compare_scores", "read_scores"]
