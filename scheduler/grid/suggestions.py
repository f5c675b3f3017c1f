"""Replacements for a name that is not a field: words of Keras and pandas first, then the nearest spelling.

The names of fields are in `scheduler.grid.fields`; a word of another library is added to `_ELSEWHERE` here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scheduler.grid.fields import CONFIGURED, FIELDS, OPEN, known
from scheduler.grid.messages import Found, Path, dotted, unknown
from scheduler.grid.yaml_values import shown
from store.schema.configuration import PROTOCOLS
from store.schema.keras_catalogue import OPTIMIZERS
from store.schema.kinds import KINDS
from store.schema.own_kinds import PROBLEMS
from store.schema.spelling import listed, nearest


def _argument(word: str, optimizer: str) -> str:
    return (
        f"it is an argument of the optimizer: write training.optimizer: {{name: {optimizer}, {word}: ...}}, "
        f"or as an axis training.optimizer.{word}"
    )


def _arguments() -> dict[str, str]:
    """Point from each argument of an optimizer to adam, or to the first optimizer that has it."""
    order = ["adam", "sgd", *OPTIMIZERS]
    return {word: _argument(word, name) for name in reversed(order) for word in OPTIMIZERS[name].arguments}


#: words, and what to write here in their place
_ELSEWHERE = {
    "lr learningrate": _argument("learning_rate", "adam"),
    "neurons hidden hidden_size hidden_units n_units num_units nodes cells": "did you mean model.units?",
    "layers layer n_layers num_layers": "write the units of each layer, model: {kind: stacked, units: [a, b]}",
    "return_sequences return_state": "model.kind sets it for every layer",
    "input_shape input_dim": "it follows from prepare.lags, prepare.lags_as and the columns of the series",
    "type architecture": "did you mean model.kind?",
    "gru rnn cell_type rnn_type": "did you mean model.cell?",
    "n_epochs nb_epoch num_epochs": "did you mean training.epochs?",
    "batch n_batch minibatch": "did you mean training.batch_size?",
    "validation_split validation_data validation_size val_split": "write protocol.validation, a number of rows",
    "early_stopping earlystopping patience": "it is not supported: every repeat trains all of training.epochs",
    "callbacks": "they are not supported: every repeat trains all of training.epochs",
    "metrics": "a grid does not choose them: every repeat is scored by RMSE",
    "test_size test_split train_size train_split": "write test, a number of rows, at the top of the file",
    "random_state random_seed": "did you mean seed (at the top of the file)?",
    "n_repeats runs n_runs trials n_trials": "did you mean repeats (at the top of the file)?",
    "lookback look_back window window_size n_lags n_steps": "did you mean prepare.lags?",
    "steps n_out n_ahead forecast_horizon": "did you mean prepare.horizon?",
    "diff differencing": "did you mean prepare.difference?",
    "scaler feature_range normalize normalise minmax": "did you mean prepare.scale?",
    "file filename filepath filepath_or_buffer csv": "did you mean series.path?",
    "index_col parse_dates date_column date index": "did you mean series.time?",
    "date_format date_parser": "did you mean series.format?",
    "usecols columns": "write series.targets, and series.inputs if they are others",
    "sep": "did you mean series.delimiter?",
    "na_values missing_values sentinel": "did you mean series.na?",
    "fill fillna fill_method impute imputation interpolate": "did you mean series.missing?",
    "tz time_zone": "did you mean series.timezone?",
    "dayfirst": "did you mean series.format?",
    "skiprows skipfooter comment": "remove it: notes around the table and comment lines are found",
    "series_id unique_id group group_by groupby": "did you mean series.id?",
}
_WORDS = _arguments() | {word: says for words, says in _ELSEWHERE.items() for word in words.split()}

#: values of model.kind, and what to write here in their place
_KINDS = {
    **{" ".join(kind.also): f"did you mean {name}?" for name, kind in KINDS.items()},
    "gru": "write model.cell: gru, in a kind such as vanilla",
    "rnn simple_rnn simplernn": "write model.cell: simple_rnn, in a kind such as vanilla",
    "transformer": "it is not supported; of models without recurrence there are cnn and mlp",
}
_KIND_WORDS = {word: says for words, says in _KINDS.items() for word in words.split()}


def pointer(name: str, names: Iterable[str]) -> str:
    """Return `; ` and a replacement for a dotted name, or an empty text if nothing is close."""
    says = _WORDS.get(_plain(_word(name)))
    return f"; {says}" if says else likely(name, names)


def likely(name: str, names: Iterable[str]) -> str:
    """Return `; did you mean ...?` with the dotted names that have its last word, or the nearest in its section."""
    names = list(names)
    section = name.rpartition(".")[0]
    same = [other for other in names if _word(other) == _word(name)]
    for among in ([other for other in names if other.rpartition(".")[0] == section], names):
        close = None if same else nearest(_word(name), [_word(other) for other in among])
        same = same or [other for other in among if _word(other) == close]
    return f"; did you mean {listed(_placed(other, name) for other in same)}?" if same else ""


def _word(name: str) -> str:
    return name.rpartition(".")[2]


def _plain(word: str) -> str:
    return word.lower().replace("-", "_")


def _placed(name: str, given: str) -> str:
    """Add where an experiment's own field belongs if the given name was elsewhere."""
    return f"{name} (at the top of the file)" if "." in given and name.partition(".")[0] not in CONFIGURED else name


def no_field(path: Path, among: tuple[str, ...] = ()) -> str:
    """Describe a field that does not exist, and what to write instead; without a better hint, list all fields.

    `among` are the fields that there are, where they are not all of the part's.
    """
    name = dotted(path)
    if known(name):
        steps = name.split(".")
        nested = ": {".join(steps) + ": ..." + "}" * (len(steps) - 1)
        hint = f"; dotted names are for axes: write {nested}" if "." in str(path[-1]) else ""
    else:
        hint = pointer(name, [dotted((*path[:-1], field)) for field in among] or FIELDS)
    return f"{name} is not a field{hint}" if hint else unknown(path, among)


def pointed(found: Found, part: Any) -> Found:
    """Suggest a replacement for an unknown field or an unknown kind."""
    path, _ = found
    if path[0] == "protocol" and len(path) == 2:
        own = tuple(PROTOCOLS[part["kind"]].model_fields)
        return found if path[1] in own else (path, f"{no_field(path, own)} (with kind {part['kind']})")
    if path == ("model", "kind"):
        says = PROBLEMS.get(str(part["kind"])) or _KIND_WORDS.get(_plain(str(part["kind"])))
        allowed = FIELDS["model.kind"].about.allowed
        return (path, f"model.kind is {shown(part['kind'])}; allowed: {allowed}; {says}") if says else found
    right = known(dotted(path)) and ("." not in str(path[-1]) or dotted(path[:-1]) in OPEN)
    return found if right else (path, no_field(path))
