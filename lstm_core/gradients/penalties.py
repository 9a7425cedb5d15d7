"""What can be added to a loss to keep the recurrent kernel from making gradients grow or shrink.

Each function returns a penalty and its gradient by the recurrent kernel. L1 and L2 pull the kernel
towards zero, so that they hold an exploding gradient and make a vanishing one worse.
"""

from __future__ import annotations

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.cells.rnn import RNNCell
from lstm_core.cells.trace import GradientTrace

NEGLIGIBLE = 1e-20
"""Steps whose squared gradient is below this say nothing of how it should change."""


def l1(kernel: Array) -> tuple[float, Array]:
    """Compute sum |w|, and its gradient sign(w)."""
    return float(np.abs(kernel).sum()), np.sign(kernel)


def l2(kernel: Array) -> tuple[float, Array]:
    """Compute sum w^2 / 2, and its gradient w."""
    return float((kernel**2).sum()) / 2, kernel.copy()


def omega(cell: RNNCell, gradient: GradientTrace) -> tuple[float, Array]:
    """Compute Pascanu's regulariser, which asks every step to keep the gradient's length.

        Omega = sum_t (|d_t * phi'(a_t) R^T| / |d_t| - 1)^2,    d_t = dL/dh_t

    The gradient is the immediate one: d_t and phi'(a_t) are held as they are, as in the paper.
    Pascanu, Mikolov and Bengio: On the Difficulty of Training Recurrent Neural Networks, 2013,
    equations 9 and 10; steps with a negligible gradient are left out.

    Args:
        cell: the plain recurrent cell, for which it is defined.
        gradient: a way back through it, without a batch axis.

    Returns:
        Omega and dOmega/dR, (units, units).
    """
    d = gradient.hidden_state
    passed = gradient.pre_activation  # d_t * phi'(a_t)
    # The first step has no step before it that it would hand the gradient to.
    kept = (d[1:] ** 2).sum(axis=-1) > NEGLIGIBLE
    d, passed = d[1:][kept], passed[1:][kept]
    handed = passed @ cell.recurrent_kernel.T
    before = np.linalg.norm(d, axis=-1)
    after = np.linalg.norm(handed, axis=-1)
    excess = after / before - 1.0
    slope = np.divide(2.0 * excess, before * after, out=np.zeros_like(after), where=after > 0)
    # handed_t = R passed_t as columns, so that d|handed|/dR = handed passed' / |handed|.
    return float((excess**2).sum()), (handed * slope[:, np.newaxis]).T @ passed
