"""Changes to MediaPipe's models that leave every landmark as it is, to the last bit, and make them faster.

`without_segmentation` drops the operators that only the segmentation mask needs. `densified` writes out weights of
which only those that are not zero were stored: a model opens in a third of the time. `with_full_tiles` gives
layers some channels more where XNNPACK would otherwise take its slow kernel. All change a model (the objects of the
TFLite schema) in place.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from mediapipe.tasks.metadata import schema_py_generated as tflite_fb

SEGMENTATION, PRESENCE = 2, 1  # positions among the landmark model's outputs
# XNNPACK multiplies matrices on x86 in tiles of 16 channels, written in assembly. Where the last tile would be at most
# half full it takes tiles of 8 instead, compiled C that MediaPipe's wheel runs at half the speed.
TILE = 16
CONVOLUTIONS = {"CONV_2D", "DEPTHWISE_CONV_2D"}
KEEPS_CHANNELS = {"ADD", "DEPTHWISE_CONV_2D", "MAX_POOL_2D", "PAD", "RESIZE_BILINEAR"}
_OPERATORS = {number: name for name, number in vars(tflite_fb.BuiltinOperator).items() if isinstance(number, int)}


def without_segmentation(model: Any) -> Any:
    """Drop what only the segmentation output needs.

    The graph expects five outputs, so the presence output stands in for the dropped one.
    """
    (graph,) = model.subgraphs
    outputs = list(graph.outputs)
    outputs[SEGMENTATION] = outputs[PRESENCE]
    graph.outputs = outputs

    needed = set(outputs)
    kept = []
    for operator in reversed(graph.operators):  # operators stand in the order of execution
        if needed.intersection(operator.outputs):
            kept.append(operator)
            needed.update(operator.inputs)
    graph.operators = kept[::-1]
    _empty_unused_buffers(model)
    return model


def densified(model: Any) -> Any:
    """Store weights whole; otherwise they are unpacked each time a model is opened."""
    (graph,) = model.subgraphs
    kept = []
    for operator in graph.operators:
        if _name(model, operator) == "DENSIFY":
            source, target = graph.tensors[operator.inputs[0]], graph.tensors[operator.outputs[0]]
            target.buffer = _add_buffer(model, _dense(model, source))
        else:
            kept.append(operator)
    graph.operators = kept
    _empty_unused_buffers(model)
    return model


def _dense(model: Any, tensor: Any) -> np.ndarray:
    """Weights (N, 1, 1, K) that are stored row by row, with the places of those that are not zero."""
    columns = tensor.sparsity.dimMetadata[-1]
    if columns.format != tflite_fb.DimensionType.SPARSE_CSR or list(tensor.sparsity.traversalOrder) != [0, 1, 2, 3]:
        raise ValueError(f"{tensor.name} is sparse in another way")
    values = np.frombuffer(bytes(model.buffers[tensor.buffer].data), np.float16)
    rows = np.repeat(np.arange(tensor.shape[0]), np.diff(columns.arraySegments.values))
    whole = np.zeros(tensor.shape, np.float16)
    whole[rows, 0, 0, columns.arrayIndices.values] = values
    return whole


def with_full_tiles(model: Any) -> Any:
    """Widen layers whose channels end in an at most half full tile until it is more than half full.

    What is added is zero, and so is all that comes of it: the other channels are summed in the same order as before.
    """
    (graph,) = model.subgraphs
    groups = _channel_groups(model)
    widths = _wanted_widths(model, groups)
    stored = {operator.outputs[0]: operator.inputs[0] for operator in graph.operators if _is_weights(model, operator)}
    for operator in graph.operators:
        before, after = (widths.get(groups.get(tensors[0])) for tensors in (operator.inputs, operator.outputs))
        if (name := _name(model, operator)) in CONVOLUTIONS:
            kernel, bias = operator.inputs[1:]
            _widen(model, kernel, stored[kernel], {0: after, 3: before} if name == "CONV_2D" else {3: after})
            _widen(model, bias, stored[bias], {0: after})
    for tensor, width in ((tensor, widths.get(group)) for tensor, group in groups.items()):
        if width and tensor in graph.outputs:
            _cut_output(model, tensor)
        _reshape(graph.tensors[tensor], {3: width})
    _empty_unused_buffers(model)
    return model


def _wanted_widths(model: Any, groups: dict[int, int]) -> dict[int, int]:
    """The channels that groups of tensors should have instead."""
    (graph,) = model.subgraphs
    widths, fixed = {}, set()
    for operator in graph.operators:
        if _name(model, operator) == "CONV_2D":
            channels, height, width, _ = map(int, graph.tensors[operator.inputs[1]].shape)
            rest = channels % TILE
            if height == width == 1 and channels > TILE and 0 < rest <= TILE // 2:
                widths[groups[operator.outputs[0]]] = channels - rest + TILE // 2 + 1
        elif _name(model, operator) not in CONVOLUTIONS | KEEPS_CHANNELS:  # it might mix up what is added
            fixed.update(groups[tensor] for tensor in operator.inputs if tensor in groups)
    return {group: width for group, width in widths.items() if group not in fixed}


def _name(model: Any, operator: Any) -> str:
    code = model.operatorCodes[operator.opcodeIndex]
    return _OPERATORS[max(code.builtinCode, code.deprecatedBuiltinCode)]


def _is_weights(model: Any, operator: Any) -> bool:
    """Weights are stored with 16 bits and made 32 by an operator."""
    return _name(model, operator) == "DEQUANTIZE"


def _channel_groups(model: Any) -> dict[int, int]:
    """For each tensor that layers hand on the group of those that must have as many channels as it has."""
    (graph,) = model.subgraphs
    groups: dict[int, int] = {}
    for operator in graph.operators:
        name = _name(model, operator)
        if name == "CONV_2D":
            groups[operator.outputs[0]] = operator.outputs[0]
        elif name in KEEPS_CHANNELS:
            inputs = operator.inputs[: 2 if name == "ADD" else 1]
            merged = {groups.setdefault(tensor, tensor) for tensor in inputs}
            groups = {tensor: min(merged) if group in merged else group for tensor, group in groups.items()}
            groups[operator.outputs[0]] = min(merged)
    return groups


def _widen(model: Any, tensor: int, stored_tensor: int, sizes: dict[int, int | None]) -> None:
    """Fill up weights with zeros to these sizes of their axes."""
    (graph,) = model.subgraphs
    if not any(sizes.values()):
        return
    if sum(tensor in operator.inputs for operator in graph.operators) != 1:
        raise ValueError(f"weights {tensor} belong to several layers")
    stored = graph.tensors[stored_tensor]
    values = np.frombuffer(bytes(model.buffers[stored.buffer].data), np.float16).reshape(stored.shape)
    more = [(0, (sizes.get(axis) or size) - size) for axis, size in enumerate(values.shape)]
    stored.buffer = _add_buffer(model, np.pad(values, more))
    for changed in (stored, graph.tensors[tensor]):
        _reshape(changed, sizes)


def _cut_output(model: Any, tensor: int) -> None:
    """Give the graph the channels of a tensor that it had before."""
    (graph,) = model.subgraphs
    shape = list(graph.tensors[tensor].shape)
    code = tflite_fb.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = tflite_fb.BuiltinOperator.SLICE
    model.operatorCodes.append(code)
    cut = tflite_fb.OperatorT()
    cut.opcodeIndex = len(model.operatorCodes) - 1
    cut.inputs = [tensor, _add_numbers(model, [0] * len(shape)), _add_numbers(model, shape)]
    cut.builtinOptionsType, cut.builtinOptions = tflite_fb.BuiltinOptions.SliceOptions, tflite_fb.SliceOptionsT()
    cut.outputs = [_add_tensor(graph, shape, tflite_fb.TensorType.FLOAT32, 0)]
    maker = next(i for i, operator in enumerate(graph.operators) if tensor in operator.outputs)
    graph.operators.insert(maker + 1, cut)
    graph.outputs = [cut.outputs[0] if output == tensor else output for output in graph.outputs]


def _add_numbers(model: Any, numbers: list[int]) -> int:
    buffer = _add_buffer(model, np.array(numbers, np.int32))
    return _add_tensor(model.subgraphs[0], [len(numbers)], tflite_fb.TensorType.INT32, buffer)


def _add_tensor(graph: Any, shape: list[int], kind: int, buffer: int) -> int:
    tensor = tflite_fb.TensorT()
    tensor.shape, tensor.type, tensor.buffer = shape, kind, buffer
    tensor.name = f"added_{len(graph.tensors)}"
    graph.tensors.append(tensor)
    return len(graph.tensors) - 1


def _empty_unused_buffers(model: Any) -> None:
    (graph,) = model.subgraphs
    tensors = {tensor for operator in graph.operators for tensor in (*operator.inputs, *operator.outputs)}
    used = {graph.tensors[tensor].buffer for tensor in tensors if tensor >= 0}
    for number, buffer in enumerate(model.buffers):
        if number not in used:
            buffer.data = None


def _add_buffer(model: Any, values: np.ndarray) -> int:
    buffer = tflite_fb.BufferT()
    buffer.data = np.frombuffer(values.tobytes(), np.uint8)
    model.buffers.append(buffer)
    return len(model.buffers) - 1


def _reshape(tensor: Any, sizes: dict[int, int | None]) -> None:
    """Give it these sizes of its axes, where there are any."""
    tensor.shape = [sizes.get(axis) or int(size) for axis, size in enumerate(tensor.shape)]
