"""What `docs/grid.md` says before its tables of fields."""

from __future__ import annotations

from scheduler.grid.fields import CONFIGURED
from scheduler.grid.grid import MOST_CONFIGURATIONS, MOST_JOBS
from scheduler.grid.warnings import MOST_WARNINGS
from scheduler.grid.warnings.weights import MOST_A_ROW
from scheduler.grid.yaml_reader import LARGEST_FILE
from scheduler.series.source import bundled_names
from store.schema.spelling import listed

INTRODUCTION = f"""# The grid file

A grid is a YAML file: a base experiment and the axes to cross. `scheduler plan GRID` checks it and stores nothing.
Mistakes are reported together, one a line, with the file, the line, what was given and what is allowed; the exit code
is 2. Some checks need others to hold first: text that is not YAML hides all else, a field that is wrong by itself hides
what it has to do with other fields (such as whether the batch size divides the rows), and a CSV file's missing column
hides its values. So correcting mistakes may bring others to light.

This page is written from the schema by `python -m scheduler.grid.reference > docs/grid.md`.

```yaml
name: tune-units
series: shampoo
test: 12
prepare: {{difference: 1, lags: 1, scale: [-1, 1], trim: 2}}
model: {{kind: vanilla, units: 1, stateful: true}}
training: {{epochs: 1000, batch_size: 4, optimizer: adam, loss: mse}}
protocol: {{kind: fixed, warm_up: true}}
repeats: 30
seed: 7
grid:
  model.units: [1, 2, 3, 4, 5]
```

Only `series` is needed; everything else has a default. Values are read as YAML 1.2 does: `1e-3` is a number, `on`,
`no` and dates are text. Tags, merge keys and files above {LARGEST_FILE:,} bytes are refused.

## Axes

`grid` crosses its axes, the last one varying fastest. An axis is a dotted field with a list of values; several
fields that vary together are a list, and their values are lists; a value may be a whole part. Any field of
{listed([f"`{name}`" for name in CONFIGURED], "and")} can be an axis, and so can a column below
`prepare.transform`, `prepare.difference`, `prepare.scale` and `series.inputs`
(`series.inputs.load.lags: [1, 24, [1, 24, 168]]`), or an argument of an optimizer, a loss or an initializer. A field of
an axis takes the place of the base's.

```yaml
series: shampoo
prepare: {{pad: true}}
grid:
  model.units: [1, 2, 3]
  [training.batch_size, training.epochs]: [[1, 500], [4, 1000]]
  training.optimizer: [adam, {{name: sgd, momentum: 0.9}}]
  training.optimizer.learning_rate: [0.001, 0.01]
exclude:
  - {{model.units: 3, training.epochs: 500}}
```

A configuration is labelled by its axes' values, under the last word of a field where no other axis has it:
`units=3, batch_size=1, epochs=500`. A grid without axes has one configuration, `base`. Two points that are the same
configuration are a mistake. A grid has at most {MOST_CONFIGURATIONS:,} configurations and {MOST_JOBS:,} jobs
(configurations x repeats).

## Fields set beside the file

`run`, `plan` and `submit` take `--set FIELD=VALUE`, any number of times: `--set repeats=5`, `--set training.epochs=50`,
`--set 'grid.model.units=[1, 2]'`. The value is YAML and replaces that of the file. A field that the grid varies is set
as an axis. The store keeps the grid with these values, so that it can be run again as it is.

From Python, `load_grid` takes a mapping of the same shape, in which axes may also be ranges, tuples and NumPy arrays.

## Warnings

What is accepted but looks wrong is said in at most {MOST_WARNINGS} lines, each with what to do, by `plan`, `run` and
`submit`, in the report and in `Study.warnings`. With `--strict`, `plan`, `run` and `submit` refuse such a grid.

- A value far outside the rest: a sentinel such as -99.99 among 300s, a slip of the decimal mark.
- Times that are uneven; months, business days and changes of the clock are even.
- A column that looks like times and falls or repeats, where no `series.time` is named.
- An input that is constant, or nearly so, in the training rows, differenced as the model sees it; a test part that is
  one constant; an input that is known ahead and follows a target exactly.
- A loss outside its domain: `msle` and `poisson` are made for values from 0, `mape` for values away from 0, and scaled
  or differenced values are often neither.
- Missing observations that leave fewer than half of the rows to train on.
- More than {MOST_A_ROW} weights for each training row; `prepare.strategy: recursive` over a horizon of one step.

## Rows

A row at time t sees the inputs at t - lags + 1 ... t and forecasts `horizon` steps of the targets, the first of
them where `prepare.target_at` says. Rows are all t for which inputs and targets exist. The last `test` rows are the
test rows; before them lie the rows of the gap, the validation rows with a gap of their own, and the training rows,
the first `trim` of which are dropped. A column that is both a target and an input is a mistake where a row sees the
values that it forecasts (`target_at: last`; `previous` with two or more lags or steps). With the defaults, the 36
observations of `shampoo` make 34 rows: 22 to train on and 12 to test.

`test` may be a share of the observations, `test: 0.2`, or the time of the first value that is forecast, `test: {{from:
2009-01-01}}`. Both become the number of rows whose first target is in that part, which `plan` says.

Columns may have lags of their own, and may be known ahead:

```yaml
series:
  path: energy.csv
  time: hour
  targets: [load]
  inputs: {{load: {{lags: 24}}, temperature: {{lags: 3, known: true}}, price: {{lags: [1, 24, 168]}}}}
```

Lag 1 is the newest value, that at time t; lag 24 is the one at t - 23, which is a day before the target where rows are
hours and `target_at` is `next`. A column without `lags` has `prepare.lags`. Of a column that is `known: true` a row
sees the values at all forecast steps, too; with `lags: 0` it sees these alone. A target is never known. The features of
a row are ordered by time, and those of the same time by column. Each is differenced and scaled as `prepare` says of its
column, the scale of each feature fitted on the training rows alone.

With `lags_as: timesteps` all columns need the same lags, but for those with `lags: 0`, and a list of lags is as many
time steps. What is known ahead goes along with the steps: the last one sees the values at the forecast steps, the one
before it those one lag earlier, and so on. Lags that differ are features of one step: `lags_as: features`.

`prepare.calendar` adds what is known of the forecast steps from the times alone, in columns that are inputs with
`lags: 0` and `known: true`, and that are neither differenced nor scaled:

```yaml
series: {{path: energy.csv, time: hour, value: load}}
prepare: {{calendar: [weekday, {{hour: onehot}}, holiday:DE-BY]}}
```

`month` (1 to 12), `quarter`, `week` (of ISO 8601), `weekday` (Monday is 0), `day`, `yearday`, `hour` and `minute`
become the sine and cosine of their part of a turn, `month_sin` and `month_cos`; with `{{month: onehot}}` they become a
column of 0 and 1 for each value that occurs, `month=1`. `holiday:DE` is 1 on public holidays of a country (ISO 3166),
of a part (`holiday:DE-BY`) or of an exchange (`holiday:XNYS`). Times are those of the clock that the series shows;
`series.timezone` sets it. The columns are stored with the series: no later version of a library changes a result.

An input of text becomes a column of 0 and 1 for each of its categories in the file, `tariff=base` and `tariff=peak`, in
order of the alphabet. They are seen as the grid says of the column, neither differenced nor scaled, and stored with the
series. An empty cell is filled by the previous category, if at all; `none` is a category. Numbers that are codes become
such columns where `series.categories` names their column.

With `prepare.strategy: recursive` the model forecasts one step, and a row's later steps are forecast by feeding it what
it has forecast, as inputs that are scaled and differenced as they always are. Rows, their parts and their scores are
those of `direct`, so that both can be compared; training is on the first step of each row, so that `gap: 0` shows it
nothing that it is asked for. A stateful model goes through the later steps with a copy of its state. `update` and
`refit` forecast in the same way.

The batch size divides the training rows after the trim and, for a stateful model, the test and validation rows, or
`prepare.pad` fills the last batch. `update` and `refit` leave the first rows out where they fill no batch, and forecast
one row at a time, from a reset state. `protocol.warm_up` needs a stateful model, and training rows that the batch size
divides even with `prepare.pad`.

## Splits: several series, several windows

A *split* is a series and a *window* of it: a place where its past ends. Each configuration is trained on every split,
and a job is a repeat on one of them; a repeat has the same seed on all.

```yaml
series: {{path: stores.csv, time: month, value: sales, id: store}}
test: 12
windows: {{count: 3, step: 12, train: expanding}}
model: {{stateful: false}}
prepare: {{pad: true}}
```

Series are those of the column `id`, all of them or a list in `keep`; or the columns that a list as `series.value`
names; or a list of files and bundled series, each with fields of its own: `series: [shampoo, {{path: sales.csv,
value: Sales}}]`. A file needs the rows of each series alone in order of time; series may have different lengths, and
times of their own. With a share as `test`, the share is that of each series.

The last window ends at the end of the series, and each earlier one `step` observations before; `test` says of each
how many rows are forecast. A window knows nothing of what follows it: values are transformed, scaled and, where some
are missing, filled as if the series ended there. With `train: {{sliding: 60}}` it knows the last 60 observations
before its test part alone. A series that is too short for its windows is refused, with how many observations it
needs.

A repeat's score is over all splits. Over the windows of a series it is that of the rows of all windows together: mean
errors are averaged, of RMSE and RMSSE the squares, and MASE and RMSSE are over the naive forecast before each window.
Over series it is the mean, for which scores have to be without units: `score` is `mase` with several series, unless
the grid says otherwise. A repeat is done when it is on every split, and diverged if it did on any. Repeats of a grid
with one split keep what they are and have been; those of one with several are others, since lanes of several splits
are trained side by side.

## One model for all series

With `panel: together` one model is trained on the training rows of all series of a window: those of one series behind
those of the other, in their order. Each series is scaled by its own training rows, so that large and small ones count
alike; no row has values of two series. Batches are filled over all rows, and the last one may be smaller, as in Keras'
`fit`; `training.shuffle` mixes the rows of all series, which `adam` and large panels usually need. Validation rows are
the last ones of each series. The model then forecasts every series, and everything that is said of splits holds: each
series has scores, baselines, ensembles and intervals of its own, and a repeat's score is the mean over series. A job is
one of the results of a training; all of them are trained as one, in packs of up to 16 repeats.

```yaml
series: {{path: stores.csv, time: month, value: sales, id: store}}
model: {{stateful: false}}
prepare: {{pad: true}}
grid:
  [panel, series_input]: [[apart, none], [together, none], [together, one_hot], [together, embedding]]
```

So that the model may learn what is special to a series, it can see which one a row is of. With `series_input: one_hot`
each time step has one more input for each series that is trained on. With `series_input: embedding` the model learns a
vector for each of these series, which stands beside the inputs of every time step and has `series_embedding` numbers:
fewer weights than one-hot inputs where there are many series. The vectors begin as those of Keras' `Embedding`. They
are the weights `series_embedding/kernel` (series, numbers) of a layer without a bias on one-hot inputs, since with
TensorFlow Keras updates an `Embedding` by other steps than with JAX or PyTorch: it squares the gradients of a batch
before it adds up those of a series, in `adam` and the like. Series with the same values are told apart by either.

`test_series` names series that are not trained on, or the share of all that `seed` draws: they alone are forecast and
judged, each scaled by its own rows before the test part, and the score says how the model does on series that it never
saw. Of one-hot inputs they have none, and of the vectors the mean of those that were learnt. All series that are
trained on leave their own test rows out, as if the test part were the future of all.

```yaml
series: {{path: stores.csv, time: month, value: sales, id: store}}
model: {{stateful: false}}
prepare: {{lags: 3}}
training: {{shuffle: true}}
panel: together
test_series: 0.34
```

Series need the same number of inputs and targets. Models with a state, `update`, `refit` and `recursive` are for
`panel: apart`. `scheduler forecast` trains one model on all rows of all series, and `scheduler export` writes one
model for all. Series of `test_series` stay held out there too: a model that never saw them forecasts them alone.

## Values

Each column of a row is transformed, then differenced, then scaled, and forecasts go the same way back, over all steps
of a horizon: a step that reaches back before the horizon is counted from what was observed, the others from the
forecasts before. What is fitted (the power of `box_cox`, means, medians, ends) is fitted to training rows alone; each
lag of an input and each step of a target has a scale of its own. A column that is constant there, but for rounding, is
scaled to one value; `robust` divides by the standard deviation where the inner half of a column is one value.

```yaml
series: shampoo
prepare: {{transform: box_cox, difference: [1, 2], scale: standard, pad: true}}
grid:
  prepare.transform: [none, log, box_cox]
```

Values outside the domain of a transform are a mistake, in whatever part of the series. `box_cox` finds its power by
maximum likelihood, as SciPy and scikit-learn do, from -5 to 5. Inverses are plain: the median of a transformed forecast
is the median in the units of the series, with no correction for the mean. A transformed forecast that no value has, as
one below 0 of `sqrt`, counts as the nearest one, 0 (also for `box_cox` with a power above 0). One that is beyond the
largest number, as `exp` of 1000 or one outside the domain of a `box_cox` with a power below 0, makes the repeat
diverge. Baselines forecast the series as it is.

## Series

Bundled are {listed([f"`{name}`" for name in bundled_names()], "and")} (`us_economy`: quarterly figures of the
United States from 1959 to 2009, Federal Reserve Bank of St. Louis, in the public domain; all but it and `shampoo`
are made up). A file of your own is CSV (also compressed as `.gz`), an Excel workbook (`.xlsx`, with
`pip install repeats[excel]`) or Parquet. Its delimiter, encoding, header, notes around the table and the form of its
times are found; where that is not certain, the message has the line of YAML to write. [Bring your own
series](series.md) shows each kind.

```yaml
series: {{path: sales.csv, time: Month, value: Sales, format: "%d.%m.%Y", decimal: ","}}
```

```yaml
series: {{path: energy.csv, time: hour, targets: [load], inputs: [load, temperature]}}
```

From Python, a series may also be a pandas DataFrame or Series, a NumPy array or a list: `load_grid(..., series=df)`.
The times of a `DatetimeIndex` or `PeriodIndex`, or of an index of ISO 8601 text, are kept; other indexes are ignored.
`series` in the mapping names columns (`value`, or `targets` and `inputs`) and, as `name`, the series; without it all
columns are forecast. The columns of an array are called `value`, or `value_0`, `value_1` and so on.
"""
