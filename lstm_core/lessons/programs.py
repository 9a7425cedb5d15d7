"""Pieces of the programs that several pages offer to take home."""

READER_IN_PYTORCH = """\
with np.load(ASSETS / "network.npz") as stored:
    weights = {name: torch.tensor(stored[name].astype("float32")) for name in stored.files}


def lstm(layer):
    kernel = weights[f"{layer}_forward_kernel"]
    units = weights[f"{layer}_forward_recurrent_kernel"].shape[0]
    made = torch.nn.LSTM(kernel.shape[0], units, batch_first=True, bidirectional=True)
    for direction, end in (("forward", ""), ("backward", "_reverse")):
        name = f"{layer}_{direction}"
        getattr(made, f"weight_ih_l0{end}").data = weights[f"{name}_kernel"].T.contiguous()
        getattr(made, f"weight_hh_l0{end}").data = weights[f"{name}_recurrent_kernel"].T.contiguous()
        # Keras has one bias; PyTorch adds two. The order of the gates is the same: i, f, g, o.
        getattr(made, f"bias_ih_l0{end}").data = weights[f"{name}_bias"]
        getattr(made, f"bias_hh_l0{end}").data.zero_()
    return made


first, second = lstm("first"), lstm("second")"""
"""The trained network's two bidirectional layers in PyTorch; it wants ``ASSETS`` and NumPy imported."""
