"""The other side of FileInterchangeTests.swift: Python's own packages write files, and judge those that Swift has written.

    files.py probe            succeeds if numpy and safetensors are there
    files.py write FOLDER     writes python.safetensors and python-*.npy
    files.py check FOLDER     reads swift.safetensors and swift-*.npy
"""
import sys

import numpy as np
import safetensors
import safetensors.numpy


def arrays():
    values = np.arange(24, dtype=np.float64).reshape(2, 3, 4) / 7 - 1
    return {
        "float32": values.astype(np.float32), "float64": values, "float16": values.astype(np.float16),
        "int64": np.arange(-3, 3), "uint8": np.arange(250, 256).astype(np.uint8), "bool": np.array([True, False]),
        "int16": np.array([[-32768, 32767]], dtype=np.int16), "uint32": np.array([2**32 - 1], dtype=np.uint32),
        "single": np.array(np.pi), "empty": np.zeros((0, 3), dtype=np.float32),
    }


def main(command, folder=None):
    if command == "write":
        safetensors.numpy.save_file(arrays(), f"{folder}/python.safetensors", {"format": "np", "note": "é \"quoted\"\n"})
        for name, value in arrays().items():
            np.save(f"{folder}/python-{name}.npy", value)
            np.save(f"{folder}/python-{name}-columns.npy", value.copy(order="F"))
            np.save(f"{folder}/python-{name}-big.npy", value.astype(value.dtype.newbyteorder(">")))
            with open(f"{folder}/python-{name}-three.npy", "wb") as file:
                np.lib.format.write_array(file, value, version=(3, 0))
    if command == "check":
        expected = {name: arrays()[name] for name in ["float32", "float64", "single", "empty"]}
        with safetensors.safe_open(f"{folder}/swift.safetensors", framework="np") as file:
            assert file.metadata() == {"note": "é \"quoted\"\n\\"}, file.metadata()
            assert set(file.keys()) == set(expected), file.keys()
        read = safetensors.numpy.load_file(f"{folder}/swift.safetensors")
        for name, value in expected.items():
            for found in [read[name], np.load(f"{folder}/swift-{name}.npy")]:
                assert found.dtype == value.dtype and found.shape == value.shape, (name, found.dtype, found.shape)
                assert found.tobytes() == value.tobytes(), name
        labels = np.load(f"{folder}/swift-labels.npy")
        assert labels.dtype == np.int32 and labels.tolist() == [3, -1, 5], labels


main(*sys.argv[1:])
