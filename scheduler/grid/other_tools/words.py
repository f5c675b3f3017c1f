"""Words of other tools, and the field or the sentence that stands in their place; a word is added here."""

from __future__ import annotations

from collections.abc import Iterable

from store.schema.keras_catalogue import OPTIMIZERS
from store.schema.kinds import KINDS

#: words -> field
_FIELDS = {
    "neurons hidden hidden_size hidden_units hidden_dim n_units num_units nodes cells n_neurons": "model.units",
    "type architecture _target_ class_name model_type": "model.kind",
    "gru rnn cell_type rnn_type": "model.cell",
    "dropout_rate drop": "model.dropout",
    "activation_function act": "model.activation",
    "n_epochs nb_epoch nb_epochs num_epochs max_epochs epoch iterations": "training.epochs",
    "batch n_batch minibatch mini_batch_size": "training.batch_size",
    "loss_function loss_fn criterion": "training.loss",
    "optimiser optim": "training.optimizer",
    "lr_schedule lr_scheduler scheduler": "training.schedule",
    "random_state random_seed": "seed",
    "n_repeats n_repeat runs n_runs num_runs repetitions": "repeats",
    "lookback look_back window window_size n_lags num_lags n_steps n_steps_in input_window": "prepare.lags",
    "input_length seq_len sequence_length input_chunk_length": "prepare.lags",
    "steps n_out n_ahead forecast_horizon n_steps_out fh": "prepare.horizon",
    "output_chunk_length prediction_length pred_len": "prepare.horizon",
    "diff differencing seasonal_difference seasonal_differencing seasonal_diff": "prepare.difference",
    "scaler feature_range normalize normalise minmax scaling standardize standardise normalization": "prepare.scale",
    "log log1p boxcox box_cox sqrt log_transform power_transform transformation transforms": "prepare.transform",
    "multi_step_strategy forecast_strategy recursive autoregressive": "prepare.strategy",
    "n_test test_size test_split test_ratio test_fraction test_share holdout test_rows": "test",
    "n_val val val_ratio val_split validation_split validation_size val_size n_validation": "protocol.validation",
    "file filename filepath filepath_or_buffer csv": "series.path",
    "index_col parse_dates date_column date index time_col": "series.time",
    "date_format date_parser": "series.format",
    "sep": "series.delimiter",
    "na_values missing_values sentinel": "series.na",
    "fill fillna fill_method impute imputation interpolate": "series.missing",
    "tz time_zone": "series.timezone",
    "dayfirst": "series.format",
    "series_id unique_id group group_by groupby": "series.id",
    "target_column target_col label": "series.value",
    "features covariates exog exogenous": "series.inputs",
    "holidays holiday country_holidays time_features datetime_features date_features": "prepare.calendar",
    "month weekday day_of_week dayofweek hour_of_day": "prepare.calendar",
    "seasonality season_length period freq": "series.season",
}
FIELD_OF = {word: field for words, field in _FIELDS.items() for word in words.split()}

_ANOTHER = "it belongs to another tool; a grid trains each of its configurations: remove it"
#: words -> what to write, where that is no single field
_SAYS = {
    "layers layer n_layers num_layers": "write the units of each layer, model: {kind: stacked, units: [a, b]}",
    "return_sequences return_state": "model.kind sets it for every layer",
    "input_shape input_dim input_size": "it follows from prepare.lags, prepare.lags_as and the columns of the series",
    "bidirectional": "write model: {kind: bidirectional}",
    "stacked": "write model: {kind: stacked, units: [a, b]}",
    "validation_data": "write protocol.validation, a number of rows",
    "early_stop earlystopping earlystop patience": (
        "write training.early_stopping: {patience: 20}, and protocol.validation, the number of rows that it watches"
    ),
    "reduce_lr reduce_lr_on_plateau reducelronplateau": (
        "write training.schedule: {name: reduce_lr_on_plateau}, and protocol.validation, the number of rows that it "
        "watches"
    ),
    "callbacks": "write training.early_stopping, or training.schedule; others are not supported",
    "metrics eval_metric eval_metrics": (
        "all six scores are computed; write score: mae at the top of the file, or mape, smape, mase or rmsse, to be "
        "judged by another than rmse"
    ),
    "train_size train_split train_ratio train_fraction split": (
        "write test, a number of rows or a share such as 0.2, at the top of the file"
    ),
    "known known_future future_covariates futr_exog_list known_covariates known_ahead": (
        "it is said of a column: write series.inputs: {temperature: {known: true}}"
    ),
    "past_covariates hist_exog_list observed_covariates": "write them as series.inputs",
    "categorical cat_features one_hot onehot dummies encode": (
        "name the columns of text in series.inputs: each category becomes a column of 0 and 1"
    ),
    "static_categoricals static_cat static_features stat_exog_list static_covariates embedding_dim embedding_dims": (
        "write panel: together and series_input: embedding, by which one model learns a vector for each series"
    ),
    "usecols columns": "write series.targets, and series.inputs if they are others",
    "skiprows skipfooter comment": "remove it: notes around the table and comment lines are found",
    "method metric program command project entity early_terminate": _ANOTHER,
    "sampler pruner direction study_name defaults seml slurm": _ANOTHER,
    "trials n_trials num_trials max_trials n_iter": (
        "a grid trains each of its configurations: remove it; how often each is trained is repeats"
    ),
    "decay": (
        "Keras has no decay any more: write training.schedule: {name: exponential_decay, decay_steps: 1, "
        "decay_rate: 0.999}, the factor of each epoch"
    ),
    "modelcheckpoint model_checkpoint checkpoint save_best_only restore_best_weights": (
        "write training.early_stopping: {patience: 20}, whose best weights are those that forecast"
    ),
    "tensorboard csvlogger verbose": "remove it: curves, logs and progress are kept and shown without it",
    "n_estimators max_depth max_leaf_nodes num_leaves min_samples_leaf subsample colsample_bytree": (
        "it belongs to trees, which are not trained here; remove it"
    ),
    "cv cross_validation n_splits timeseriessplit time_series_split folds n_folds": (
        "write windows, the number of places in the series at which the past ends"
    ),
    "steps_per_epoch validation_steps validation_batch_size validation_freq": (
        "remove it: each epoch trains on all rows"
    ),
    "class_weight sample_weight": "it is not supported: all rows count alike",
    "gpus gpu device devices accelerator": "remove it: workers use what their machine has",
    "num_workers n_jobs workers": "remove it, and write --workers on the command line",
}
SAYS = {word: says for words, says in _SAYS.items() for word in words.split()}

#: optimizers that Keras lacks, since they need all rows at once
WHOLE_BATCH = frozenset({"lbfgs", "l_bfgs", "bfgs", "newton", "newton_cg", "levenberg_marquardt", "lm", "cg", "rprop"})

#: what holds the ranges of a search in other tools
SEARCHES = frozenset(
    {
        *("parameters", "params", "search_space", "searchspace", "space", "hyperparameters", "hparams", "sweep"),
        *("sweeps", "param_grid", "param_distributions", "distributions", "random"),
    }
)
#: as an axis, a seed is what repeats have
SEEDS = frozenset({"seed", "seeds", "random_state", "random_seed", "rng", "np_seed"})

#: values of model.kind, and what to write here in their place
_KINDS = {
    **{" ".join(kind.also): f"did you mean {name}?" for name, kind in KINDS.items()},
    "gru": "write model.cell: gru, in a kind such as vanilla",
    "rnn simple_rnn simplernn": "write model.cell: simple_rnn, in a kind such as vanilla",
    "transformer": "it is not supported; of models without recurrence there are cnn and mlp",
}
KIND_WORDS = {word: says for words, says in _KINDS.items() for word in words.split()}

_STANDARD = "standardscaler standard_scaler zscore z_score standardize standardise standardization"
#: the same for other fields: field -> words -> what to write
_VALUES = {
    "prepare.scale": {
        _STANDARD: "did you mean standard?",
        "robustscaler robust_scaler iqr median": "did you mean robust?",
        "minmaxscaler minmax min_max normalize normalise": "write the two ends, such as [0, 1]",
        "none false no": "write null",
    },
    "prepare.transform": {
        "ln natural_log logarithm log10 log2": "did you mean log?",
        "boxcox box_cox_transform power": "did you mean box_cox?",
        "yeo_johnson yeojohnson asinh": "it is not supported; of values from 0, log1p and sqrt are defined for 0, too",
        "null false no identity": "write none",
    },
    "prepare.strategy": {
        "iterated iterative autoregressive rolling": "did you mean recursive?",
        "mimo multi_output vector multiple_output": "did you mean direct?",
    },
}
VALUE_WORDS = {
    field: {word: says for words, says in each.items() for word in words.split()} for field, each in _VALUES.items()
}


#: arguments of optimizers, as other libraries call them, too
ARGUMENTS = {argument: argument for one in OPTIMIZERS.values() for argument in one.arguments} | {
    "lr": "learning_rate",
    "learningrate": "learning_rate",
}


def last_word(name: str) -> str:
    """Return the last word of a dotted name as words are compared."""
    return name.rpartition(".")[2].lower().replace("-", "_")


def meant(name: str, fields: Iterable[str]) -> str | None:
    """Return the field that a name of another tool stands for, as a dotted name; None if none does for certain."""
    word, names = last_word(name), set(fields)
    if name in names:
        return name
    if word in ARGUMENTS:
        return f"training.optimizer.{ARGUMENTS[word]}"
    if word in FIELD_OF:
        return FIELD_OF[word]
    same = [one for one in names if last_word(one) == word and one.count(".") < 2]  # not what is within a field
    return same[0] if len(same) == 1 else None
