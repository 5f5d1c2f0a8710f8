"""Estimators for scikit-learn that learn with a Hanami network.

Features need no scaling. By default they learn on a server, which keeps what they have learned;
with `embedded=True` everything happens in this process.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, MultiOutputMixin, RegressorMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets, unique_labels
from sklearn.utils.validation import check_is_fitted, validate_data

from ._backends import INPUT, OUTPUT, Array, Embedded, Served
from ._sync.client import Hanami
from ._sync.clusters import Cluster
from .network import Network
from .templates import chain

Matrix = Any
"""What scikit-learn takes for rows of features: an array, a DataFrame, a list of lists."""


class _Estimator(BaseEstimator):
    """What both estimators have in common."""

    def __init__(
        self,
        *,
        embedded: bool = False,
        client: Hanami | None = None,
        address: str | None = None,
        user: str | None = None,
        password: str | None = None,
        hidden: int = 128,
        epochs: int = 10,
        shuffle: bool = True,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.embedded = embedded
        self.client = client
        self.address = address
        self.user = user
        self.password = password
        self.hidden = hidden
        self.epochs = epochs
        self.shuffle = shuffle
        self.random_state = random_state

    def _begin(self, outputs: int, random: np.random.RandomState) -> Embedded | Served:
        """Make an empty network; one of an earlier fit is given up."""
        if hasattr(self, "backend_"):
            self.backend_.discard()
            del self.backend_
        seed = int(random.randint(2**31))
        sizes = (INPUT, self.n_features_in_), (OUTPUT, outputs)
        template = chain(*sizes, inner=self.hidden, seed=seed)
        if self.embedded:
            return Embedded(template)
        return Served(self._connected(), template)

    def _connected(self) -> Hanami:
        if self.client is not None:
            return self.client
        if self.address is None:
            raise ValueError("give a client, or address, user and password, or embedded=True")
        return Hanami(self.address, self.user, self.password)

    def _learn(self, inputs: Array, targets: Array, random: np.random.RandomState) -> None:
        """Go through the samples as often as `epochs` says."""
        for _ in range(self.epochs):
            order = random.permutation(len(inputs)) if self.shuffle else slice(None)
            self.backend_.train(inputs[order], targets[order])

    def _outputs(self, X: Matrix) -> Array:
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return cast(Array, self.backend_.predict(_narrow(X)))

    @property
    def network_(self) -> Network:
        """The network of an embedded estimator."""
        if isinstance(self.backend_, Embedded):
            return self.backend_.network
        raise AttributeError("the network is on a server: see cluster_")

    @property
    def cluster_(self) -> Cluster:
        """The cluster of an estimator on a server; it outlives this object."""
        if isinstance(self.backend_, Served):
            return self.backend_.cluster
        raise AttributeError("the network is embedded: see network_")

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters, the password as a text that does not show itself."""
        params: dict[str, Any] = super().get_params(deep)
        # `clone` wants to find the very object that it has set.
        if type(self.password) is str:
            params["password"] = _Secret(self.password)
        return params


class _Secret(str):
    """A text that is not shown where parameters are."""

    def __repr__(self) -> str:
        return "'***'"


class HanamiClassifier(ClassifierMixin, _Estimator):
    """A classifier for two or more classes.

    Parameters
    ----------
    embedded
        Learn in this process instead of on a server.
    client
        The client of the server to learn on; or instead `address`, `user` and `password`.
    hidden
        The most neurons that may grow between features and targets.
    epochs
        How often `fit` goes through the samples. `partial_fit` takes each sample once.
    shuffle
        Whether `fit` takes the samples in another order in each epoch.
    random_state
        What the order and the network's random choices depend on.

    Attributes
    ----------
    classes_
        The classes.
    network_
        The network, if it is embedded.
    cluster_
        The cluster on the server, otherwise. It outlives this object.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> model = HanamiClassifier(embedded=True, random_state=1).fit(X, y)
    >>> model.score(X, y) > 0.9
    True
    """

    def fit(self, X: Matrix, y: Any) -> HanamiClassifier:
        """Learn from scratch that rows `X` are of the classes `y`."""
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        random = check_random_state(self.random_state)
        self.classes_ = unique_labels(y)
        self.backend_ = self._begin(len(self.classes_), random)
        self._learn(_narrow(X), self._one_hot(y), random)
        return self

    def partial_fit(self, X: Matrix, y: Any, classes: Any = None) -> HanamiClassifier:
        """Learn more rows, once and in order; the first call has to name all `classes`."""
        first = not hasattr(self, "backend_")
        if first and classes is None:
            raise ValueError("the first call of partial_fit has to name all classes")
        X, y = validate_data(self, X, y, dtype=np.float64, reset=first)
        check_classification_targets(y)
        if first:
            self.classes_ = unique_labels(classes)
            self.backend_ = self._begin(len(self.classes_), check_random_state(self.random_state))
        self.backend_.train(_narrow(X), self._one_hot(y))
        return self

    def predict(self, X: Matrix) -> Any:
        """Return the most likely class of each row."""
        likeliest = self._outputs(X).argmax(axis=1)
        return self.classes_[likeliest]

    def predict_proba(self, X: Matrix) -> Any:
        """Return how likely each row is of each class."""
        outputs = self._outputs(X).astype(np.float64).clip(0.0, 1.0) + 1e-12
        return outputs / outputs.sum(axis=1, keepdims=True)

    def _one_hot(self, y: Any) -> Array:
        index = np.searchsorted(self.classes_, y).clip(max=len(self.classes_) - 1)
        if not np.array_equal(self.classes_[index], y):
            raise ValueError(f"y has classes that are not among {self.classes_}")
        return cast(Array, np.eye(len(self.classes_), dtype=np.float32)[index])


class HanamiRegressor(RegressorMixin, MultiOutputMixin, _Estimator):
    """A regressor for one or more targets. The parameters are those of `HanamiClassifier`.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.linspace(0, 6, 200).reshape(-1, 1)
    >>> model = HanamiRegressor(embedded=True, random_state=1).fit(X, np.sin(X).ravel())
    >>> model.score(X, np.sin(X).ravel()) > 0.9
    True
    """

    def fit(self, X: Matrix, y: Any) -> HanamiRegressor:
        """Learn from scratch that rows `X` mean the numbers `y`."""
        X, y = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True)
        random = check_random_state(self.random_state)
        targets = self._targets(y)
        self.backend_ = self._begin(targets.shape[1], random)
        self._learn(_narrow(X), targets, random)
        return self

    def partial_fit(self, X: Matrix, y: Any) -> HanamiRegressor:
        """Learn more rows, once and in order."""
        first = not hasattr(self, "backend_")
        options = {"dtype": np.float64, "multi_output": True, "y_numeric": True}
        X, y = validate_data(self, X, y, reset=first, **options)
        targets = self._targets(y)
        if first:
            random = check_random_state(self.random_state)
            self.backend_ = self._begin(targets.shape[1], random)
        self.backend_.train(_narrow(X), targets)
        return self

    def predict(self, X: Matrix) -> Any:
        """Return the numbers that each row means."""
        outputs = self._outputs(X).astype(np.float64)
        return outputs[:, 0] if self.flat_ else outputs

    def _targets(self, y: Any) -> Array:
        """Return the targets as rows, and remember whether they came as such."""
        self.flat_ = y.ndim == 1
        return _narrow(y.reshape(len(y), -1))


def _narrow(values: Any) -> Array:
    """Return finite values as float32; those beyond its range become its largest."""
    limit = np.finfo(np.float32).max
    return np.ascontiguousarray(np.clip(values, -limit, limit), dtype=np.float32)
