"""The lease protocol, tried in every order: a model of it, the real statements, and the search that compares the two.

A state is what the database says of a few jobs and what three workers believe. From each state every step is taken once
(claim, renew, hand back, fail, save, die, be replaced, a lease that runs out, sweep, cancel, retry, resume, close), by
the model and by the store; both must agree on the answer and on what is stored. States that differ only in which worker
is which are one state. So all orders of steps up to a depth are covered without trying each by itself.
"""
