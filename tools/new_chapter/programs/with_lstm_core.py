"""What a recurrent cell of one unit keeps of one input, with lstm_core."""

import numpy as np

from lstm_core import RNNCell

WEIGHT = 0.5
STEPS = 10

cell = RNNCell(kernel=[[1.0]], recurrent_kernel=[[WEIGHT]], bias=[0.0])
result = cell.run(np.eye(STEPS, 1)).hidden_state[:, 0]
print(result)
