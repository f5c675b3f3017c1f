"""Mistakes in the fields of a grid: each is one whole line with its place and what is allowed."""

from __future__ import annotations

import pytest

from store.schema.fields import LARGEST
from tests.grids import NAMED, TEXT, refused

QUANTILES = "a rising list of numbers above 0 and below 1, among them 0.5, such as [0.1, 0.5, 0.9]"


class TestMistakes:
    """One mistake, one line."""

    @pytest.mark.parametrize(
        ("text", "mistake"),
        [
            ("repeats: 0", "2: repeats is 0; allowed: a whole number from 1"),
            ("repeats: '3'", "2: repeats is '3'; allowed: a whole number from 1"),
            ("repeats: 3.0", "2: repeats is 3.0; allowed: a whole number from 1"),
            ("repeats: true", "2: repeats is true; allowed: a whole number from 1"),
            ("repeats: [1]", "2: repeats is [1]; allowed: a whole number from 1"),
            ("seed: -1", "2: seed is -1; allowed: a whole number from 0 to below 2^63"),
            ("max_attempts: 0", "2: max_attempts is 0; allowed: a whole number from 1 to 100"),
            ("pack: atuo", "2: pack is atuo; allowed: a whole number from 1, or auto; did you mean auto?"),
            ("queue: ''", f"2: queue is ''; allowed: {NAMED}"),
            ("name: a/b", f"2: name is a/b; allowed: {NAMED}, and not digits alone"),
            ("name: .hidden", f"2: name is .hidden; allowed: {NAMED}, and not digits alone"),
            ("name: --help", f"2: name is --help; allowed: {NAMED}, and not digits alone"),
            ("name: 12", f"2: name is 12; allowed: {NAMED}, and not digits alone; put it in quotes to make it text"),
            ("name: '12'", f"2: name is '12'; allowed: {NAMED}, and not digits alone"),
            ("description: 5", f"2: description is 5; allowed: {TEXT}; put it in quotes to make it text"),
            ('description: "a\\0"', f"2: description is 'a\\x00'; allowed: {TEXT}"),
            ('description: "\\e[31m"', f"2: description is '\\x1b[31m'; allowed: {TEXT}"),
            (
                "traning: {}",
                "2: traning is not a field; did you mean training?",
            ),
            (
                "qwerty: {}",
                "2: qwerty is not a field; a grid has name, description, series, test, windows, panel, series_input, "
                "series_embedding, test_series, prepare, model, training, protocol, repeats, seed, grid, exclude, "
                "score, queue, pack, keep and max_attempts",
            ),
            (
                "model: 3",
                "2: model is 3; allowed: a mapping of kind, units, cell, stateful, activation, recurrent_activation, "
                "use_bias, unit_forget_bias, kernel_initializer, recurrent_initializer, bias_initializer, gates, "
                "dropout, "
                "recurrent_dropout, kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer, "
                "dense, dense_activation, dense_dropout, dense_kernel_regularizer, dense_bias_regularizer, "
                "dense_activity_regularizer, encoder, attention, subsequences, filters, kernel_size and pool_size",
            ),
            (
                "model: {kind: mlp, dense: [4], dropout: 0.2}",
                "2: model.dropout does not apply to kind mlp; it is for vanilla, stacked, bidirectional, cnn_lstm, "
                "conv_lstm and encoder_decoder; remove it",
            ),
            (
                "model: {kind: mlp}",
                "2: model.dense is [], and mlp has no other layers; allowed: a list of whole numbers from 1, "
                "such as [16]",
            ),
            (
                "model: {dense_dropout: 0.2}",
                "2: model.dense_dropout does not apply without model.dense; write model.dense, or remove it",
            ),
            (
                "model: {dense: [0]}",
                "2: model.dense is [0]; allowed: a list of whole numbers from 1, or one such number",
            ),
            (
                "model: {kind: cnn}",
                "2: model.pool_size is 2, and the convolution leaves 1 time step of a row; allowed: 1; or more "
                "prepare.lags with prepare.lags_as: timesteps",
            ),
            (
                "training: {loss: {name: quantile, quantiles: 0.5}}",
                f"2: training.loss: quantiles is 0.5; allowed for quantile: {QUANTILES}",
            ),
            (
                "training: {loss: {name: quantile, quantiles: [0, 0.5]}}",
                f"2: training.loss: quantiles is [0, 0.5]; allowed for quantile: {QUANTILES}",
            ),
            (
                "training: {loss: {name: quantile, quantiles: [0.1, 0.9]}}",
                f"2: training.loss: quantiles is [0.1, 0.9]; allowed for quantile: {QUANTILES}",
            ),
            (
                "training: {loss: {name: quantile, quantiles: [0.9, 0.5]}}",
                f"2: training.loss: quantiles is [0.9, 0.5]; allowed for quantile: {QUANTILES}",
            ),
            (
                "model: {cell: gru, unit_forget_bias: false}",
                "2: model.unit_forget_bias does not apply to cell gru; remove it",
            ),
            ("model: {cell: GRU}", "2: model.cell is GRU; allowed: lstm, gru or simple_rnn; did you mean gru?"),
            (
                "training: {epoch: 3}",
                "2: training.epoch is not a field; write training: {epochs: 3}",
            ),
            (
                f"training: {{epochs: {10**20}}}",
                f"2: training.epochs is {10**20}; allowed: a whole number from 1 to {LARGEST}",
            ),
            (
                f"model: {{kind: stacked, units: [3, {10**20}]}}",
                f"2: model.units is [3, {10**20}]; allowed: a whole number from 1 to {LARGEST}, or a list of them",
            ),
            (
                "model: {bias_regularizer: {l1: 1e10}}",
                "2: model.bias_regularizer.l1 is 10000000000.0; allowed: a number from 0 to 1000000000",
            ),
            ("keep: weight", "2: keep is weight; allowed: weights, or null; did you mean weights?"),
            ("max_attempts: 101", "2: max_attempts is 101; allowed: a whole number from 1 to 100"),
            ("training: {epochs: 1e3}", "2: training.epochs is 1000.0; allowed: a whole number from 1"),
            ("model: {units: []}", "2: model.units is []; allowed: a whole number from 1, or a list of them"),
            (
                "model: {units: [1, 2]}",
                "2: model.units has 2 layers, and vanilla has at most 1; allowed: one number, or kind stacked, "
                "bidirectional or cnn_lstm; to vary it, write it under grid, as model.units: [1, 2]",
            ),
            (
                "model: {kind: encoder_decoder, units: [1, 2, 3]}",
                "2: model.units has 3 layers, and encoder_decoder has at most 2; allowed: 1 to 2 numbers, or kind "
                "stacked, bidirectional or cnn_lstm; to vary it, write it under grid, as model.units: [1, 2, 3]",
            ),
            ("model: {stateful: on}", "2: model.stateful is on; allowed: true or false"),
            ("model: {dropout: 1}", "2: model.dropout is 1; allowed: a number from 0 to below 1"),
            ("model: {dropout: .nan}", "2: model.dropout is .nan; allowed: a number from 0 to below 1"),
            ("model: {kernel_regularizer: {l1: -1}}", "2: model.kernel_regularizer.l1 is -1; allowed: a number from 0"),
            (
                "model: {kernel_regularizer: {l3: 1}}",
                "2: model.kernel_regularizer.l3 is not a field; model.kernel_regularizer has l1 and l2",
            ),
            (
                "model: {kernel_regularizer: l1}",
                "2: model.kernel_regularizer is l1; allowed: {l1: ..., l2: ...} or null",
            ),
            (
                "model: {filters: 3}",
                "2: model.filters does not apply to kind vanilla; it is for cnn_lstm, conv_lstm and cnn; remove it",
            ),
            (
                "model: {use_bias: false, bias_initializer: ones}",
                "2: model.bias_initializer does not apply with model.use_bias: false; remove one of them",
            ),
            (
                "model: {bias_initializer: orthogonal}",
                "2: model.bias_initializer is orthogonal, which is for matrices only; "
                "allowed: an initializer for vectors, such as zeros",
            ),
            (
                "training: {optimizer: {name: adam, momentum: 0.9}}",
                "2: training.optimizer: adam has no argument 'momentum': its arguments are learning_rate, "
                "weight_decay, "
                "clipnorm, clipvalue, global_clipnorm, beta_1, beta_2, epsilon and amsgrad; "
                "write training: {optimizer: {name: sgd, momentum: 0.9}}",
            ),
            (
                "training: {optimizer: {name: sgd, momentum: 2}}",
                "2: training.optimizer: momentum is 2; allowed for sgd: a number from 0 to below 1",
            ),
            (
                "training: {optimizer: {name: sgd, clipnorm: 1, clipvalue: 1}}",
                "2: training.optimizer: clipnorm and clipvalue are all given; allowed: one of them",
            ),
            (
                "training: {optimizer: {learning_rate: 1}}",
                "2: training.optimizer: a name is missing: a Keras optimizer such as adam, or {name: ..., arguments}; "
                "write training: {optimizer: {name: adam, learning_rate: 1}}",
            ),
            ("training: {loss: {name: mae, delta: 1}}", "2: training.loss: mae has no argument 'delta': it has none"),
            (
                "prepare: {difference: {Sale: 1}}",
                "2: prepare.difference names the column 'Sale', which the grid does not use; the columns are Sales",
            ),
            (
                "prepare: {scale: {price: null}}",
                "2: prepare.scale names the column 'price', which the grid does not use; the columns are Sales",
            ),
            (
                "prepare: {scale: [1, 0]}",
                "2: prepare.scale is [1, 0]; allowed: two numbers from -1e9 to 1e9, the lower one first, standard, "
                "robust or null, or a mapping of columns to these",
            ),
            (
                "prepare: {lags: 40}",
                "2: prepare.lags is 40 and prepare.horizon 1, which leave no row of the 36 observations of "
                "shampoo (one needs 42); use smaller values, or a longer series",
            ),
            ("prepare: {trim: 22}", "2: prepare.trim is 22, and there are 22 training rows; allowed: 0 to 21, or auto"),
            (
                "test: 40",
                "2: test is 40, and shampoo has 36 observations, which make 34 rows; allowed: a whole number "
                "from 1 to 33",
            ),
            ("test: 0", "2: test is 0; protocol fixed forecasts the last rows; allowed: a whole number from 1"),
            (
                f"test: {10**20}",
                f"2: test is {10**20}; allowed: a whole number from 0 to {LARGEST}, a share between 0 and 1, or "
                "{from: a time}",
            ),
            (
                "test: many",
                "2: test is many; allowed: a whole number from 0, a share between 0 and 1, or {from: a time}",
            ),
            (
                "training: {batch_size: 5}",
                "2: training.batch_size is 5, which does not divide the 12 test rows; "
                "allowed: a batch size that divides all rows: 1, 2, 3, 4, 6 or 12; or prepare.pad: true",
            ),
            (
                "prepare: {trim: 0}",
                "1: training.batch_size is 4, which does not divide the 22 training rows; "
                "allowed: a batch size that divides all rows: 1 or 2; or prepare.trim: 2, 6, 10 or 14 with this batch "
                "size; or prepare.pad: true",
            ),
            (
                "prepare: {trim: 3}",
                "1: training.batch_size is 4, which does not divide the 19 training rows (after the trim of 3); "
                "allowed: a batch size that divides all rows: 1; or prepare.trim: 2, 6, 10 or 14 with this batch "
                "size; or prepare.pad: true",
            ),
            (
                "model: {stateful: false}\ntraining: {batch_size: 23}",
                "3: training.batch_size is 23, and there are 22 training rows; allowed: 1 to 22, or prepare.pad: true",
            ),
            (
                "prepare: {pad: true}\nprotocol: {warm_up: true}",
                "1: training.batch_size is 4, which does not divide the 22 training rows, which protocol.warm_up needs "
                "whole; allowed: a batch size that divides all rows: 1, 2, 11 or 22; "
                "or prepare.trim: 2, 6, 10 or 14 with this batch size",
            ),
            (
                "protocol: {validation: 5}",
                "1: training.batch_size is 4, which does not divide the 5 validation rows; "
                "allowed: a batch size that divides all rows: 1; or prepare.pad: true",
            ),
            (
                "protocol: {validation: 22}",
                "2: protocol.validation leaves no training row: of the 34 rows, 12 are test rows, 22 are held out, "
                "and gaps take the rest; use less",
            ),
            (
                "prepare: {gap: 22}",
                "2: prepare.gap leaves no training row: of the 34 rows, 12 are test rows, and gaps take the "
                "rest; use less",
            ),
            (
                "model: {stateful: false}\nprotocol: {warm_up: true}",
                "3: protocol.warm_up is true and model.stateful is false; a model without state has nothing to "
                "warm up: "
                "change one of them",
            ),
            (
                "protocol: {kind: update, warm_up: true}\ntraining: {batch_size: 1}",
                "2: protocol.warm_up is not a field; protocol has kind, update_epochs, last and validation (with kind "
                "update)",
            ),
            (
                "protocol: {kind: updates}",
                "2: protocol.kind is updates; allowed: fixed, update, refit or batch_transfer; did you mean update?",
            ),
            (
                "protocol: {kind: batch_transfer}",
                "1: test is 12; protocol batch_transfer forecasts the training rows themselves; allowed: 0",
            ),
            (
                "test: 0\nprotocol: {kind: batch_transfer, forecast_batch_size: 5}\nprepare: {trim: 2}",
                "3: protocol.forecast_batch_size is 5, which does not divide the 32 training rows (after the "
                "trim of 2); "
                "allowed: a batch size that divides all rows: 1, 2, 4, 8, 16 or 32; "
                "or prepare.trim: 4, 9, 14 or 19 with this batch size; or prepare.pad: true",
            ),
            (
                "model: {kind: cnn_lstm}",
                "2: model.subsequences is 2, which does not divide the 1 time step; allowed: 1; "
                "or prepare.lags_as: timesteps with more prepare.lags",
            ),
            (
                "model: {kind: conv_lstm, subsequences: 4}\nprepare: {lags: 6, lags_as: timesteps}",
                "2: model.subsequences is 4, which does not divide the 6 time steps; allowed: 1, 2, 3 or 6",
            ),
            (
                "model: {kind: conv_lstm, kernel_size: 3}\nprepare: {lags: 4, lags_as: timesteps}",
                "2: model.kernel_size is 3, and a subsequence has 2 time steps; allowed: 1 to 2",
            ),
            (
                "model: {kind: cnn_lstm, kernel_size: 2}\nprepare: {lags: 4, lags_as: timesteps}",
                "2: model.pool_size is 2, and the convolution leaves 1 time step of a subsequence; allowed: 1",
            ),
        ],
    )
    def test_of_a_field(self, text: str, mistake: str) -> None:
        """The line, what was given, what is allowed, and the nearest spelling."""
        refused(text, mistake)
