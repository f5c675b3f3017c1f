"""Prediction intervals: how far the errors of an ensemble in its test rows reach, carried over to forecasts to come.

What other code calls:

    conformal.conformal(residuals, levels=(80,), *, horizon=None, paths=None, targets=()) -> Intervals
        residuals   (rows, steps, targets): observed minus the ensemble's forecast, one row for each origin of the
                    walk-forward; NaN where nothing was observed. Steps up to `horizon` are the model's own, later ones
                    those of recursive forecasts that were started at every test row.
        levels      in percent: 80 asks for intervals that hold 80% of what comes.
        paths       (paths, steps, targets), of `paths.residual_paths`: for steps that have too few residuals.
    Intervals.around(forecast)      (..., steps, targets) -> low and high, both (levels, ..., steps, targets)
    Intervals.low, .high            the offsets, (levels, steps, targets)
    Intervals.residuals             how many residuals each step and target had, (steps, targets)
    Intervals.basis                 of each step: conformal, recursive or model-based

    paths.residual_paths(forecast, residuals, steps, *, count=1000) -> (count, steps, targets)
    levels.fewest_residuals(level), levels.highest_level(residuals), levels.read_levels(given)
    coverage.leave_one_out(residuals, level), coverage.walk_forward(residuals, level) -> Coverage
    scores.interval_score, scores.pinball, scores.crps

A level that the residuals cannot carry raises `TooFewResiduals`, which names the number needed.

Assumption: errors to come are like those of the test rows (exchangeable with them). A series that changes breaks it.
"""
