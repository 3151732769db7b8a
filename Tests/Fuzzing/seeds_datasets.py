"""Writes the files that fuzzing of graph data starts from: one of every kind, made without the code under test."""
import struct
import sys

folder = sys.argv[1]


def save(name, reader, *files):
    with open(f"{folder}/{name}", "wb") as file:
        file.write(bytes([reader]) + b"\xff".join(files))


save("edges", 0, b"source,target,weight\n0,1,0.5\n1,2,1\n2,2,-3e2\n")
save("edges-plain", 5, b"# comment\n0 1\n1\t2\n\n2;0\n")
save("edges-text", 1, b'from,to\na,"b, c"\n"b, c","say ""x"""\n')
save("collection", 2, b"1, 2\n2, 1\n4, 3\n", b"1\n1\n2\n2\n", b"-1\n1\n", b"3\n7\n3\n3\n", b"0\n1\n0\n",
     b"1.5, 2\n3,4\n5,6\n7,8\n", b"1\n2\n3\n", b"0.5\n1\n", b"graph,fold\n1,0\n2,1\n")
save("collection-small", 2, b"", b"1\n")
save("table", 4, b"  A B C\nA . 1 0\nB . . 1\nC . . .\n")
save("table-triangle", 4, b"A B\nA 0 1\nB 0\n")


def i(value):
    return b"J" + struct.pack("<i", value)


def text(value):
    return b"U" + bytes([len(value)]) + value


def numbers(values, shape, kind=b"i4", form="<i"):
    data = b"".join(struct.pack(form, value) for value in values)
    return (b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n" + i(0) + b"\x85" + text(b"b") + b"\x87R("
            + i(1) + b"".join(map(i, shape)) + bytes([0x84 + len(shape)]) + b"cnumpy\ndtype\n" + text(kind) + i(0) + i(1)
            + b"\x87R(" + i(3) + text(b"<") + b"NNN" + i(-1) + i(-1) + i(0) + b"tb\x89T" + struct.pack("<i", len(data))
            + data + b"tb")


def csr(rows, columns, offsets, indices):
    return (b"\x80\x02cscipy.sparse.csr\ncsr_matrix\n)\x81q\x01}(" + text(b"_shape") + i(rows) + i(columns) + b"\x86"
            + text(b"indptr") + numbers(offsets, [len(offsets)]) + text(b"indices") + numbers(indices, [len(indices)])
            + text(b"data") + numbers([1] * len(indices), [len(indices)], b"f4", "<f") + b"ub.")


all_rows = csr(2, 3, [0, 1, 3], [2, 0, 1])
labels = b"\x80\x02" + numbers([1, 0, 0, 1], [2, 2]) + b"."
graph = (b"\x80\x02ccollections\ndefaultdict\nc__builtin__\nlist\n\x85R(" + i(0) + b"](" + i(1) + i(1) + b"e" + i(1)
         + b"]" + i(0) + b"a" + b"u.")
save("pickle-matrix", 3, all_rows)
save("pickle-labels", 3, labels)
save("pickle-graph", 3, graph)
save("pickle-call", 3, b"\x80\x02cposix\nsystem\nU\x02ls\x85R.")
