"""What a report shows of many splits: the distribution of scores over them, the best and worst, each of them."""
