"""Writes the files that fuzzing starts from: one of every kind, made without the code under test."""
import json
import struct
import sys

folder = sys.argv[1]


def save(name, reader, content):
    with open(f"{folder}/{name}", "wb") as file:
        file.write(bytes([reader]) + content)


def safetensors(header, data):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


sizes = {"BOOL": 1, "I8": 1, "U8": 1, "I16": 2, "U16": 2, "F16": 2, "BF16": 2, "I32": 4, "U32": 4, "F32": 4, "I64": 8,
         "U64": 8, "F64": 8}
for kind, size in sizes.items():
    entry = {"dtype": kind, "shape": [2, 1], "data_offsets": [0, 2 * size]}
    save(f"safetensors-{kind}", 0, safetensors({"a": entry}, bytes(range(2 * size))))
save("safetensors-empty", 0, safetensors({}, b""))
save("safetensors-two", 0, safetensors(
    {"__metadata__": {"format": "pt", "ü\n\"": "\\é😀"}, "b.weight": {"dtype": "F32", "shape": [2], "data_offsets": [8, 16]},
     "a": {"dtype": "F64", "shape": [], "data_offsets": [0, 8]}}, bytes(16)))
save("safetensors-hostile", 0, struct.pack("<Q", 1 << 63) + b"{}")

for version, length in [(1, "<H"), (2, "<I"), (3, "<I")]:
    for descr in ["<f4", ">f8", "<i8", "|b1", ">u2", "<f2", "|O"]:
        for order in ["True", "False"]:
            text = f"{{'descr': '{descr}', 'fortran_order': {order}, 'shape': (2, 3), }}\n".encode()
            size = 1 if descr == "|O" else int(descr[2])
            save(f"npy-{version}-{descr[1:]}-{order}".replace("<", "l").replace(">", "b"), 1,
                 b"\x93NUMPY" + bytes([version, 0]) + struct.pack(length, len(text)) + text + bytes(range(6 * size)))
