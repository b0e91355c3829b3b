# gdb_tensor.py, from lesson 02: lets gdb show a Tensor by its name, shape, first values and first gradients.
#
#     make DEBUG=1 build/debug/02-neural-bigram
#     gdb -x common/gdb_tensor.py build/debug/02-neural-bigram
#     (gdb) break cross_entropy_backward
#     (gdb) run inspect --step
#     (gdb) backtrace                 a pointer to a Tensor is shown the same way
#     (gdb) print *loss->in[0]        a Tensor
#     (gdb) print *loss->in[0]->data@6    more of its values
#     (gdb) print/r *loss             the bare struct, without this file's help

import gdb

FIRST = 8       # how many values are shown
DIMS = 4        # TENSOR_DIMS of tensor.h


def shape_of(tensor):
    """The shape as a list, or None where the struct cannot be a tensor (a variable that is not set yet)."""
    ndim = int(tensor["ndim"])
    if ndim < 0 or ndim > DIMS:
        return None
    shape = [int(tensor["shape"][i]) for i in range(ndim)]
    size = 1
    for n in shape:
        size *= n
    return shape if all(n > 0 for n in shape) and size == int(tensor["size"]) else None


def floats(pointer, n):
    """The first values behind a float pointer."""
    if int(pointer) == 0:
        return "NULL"
    shown = min(n, FIRST)
    values = " ".join("%.4g" % float(pointer[i]) for i in range(shown))
    return "{" + values + (" ...}" if n > shown else "}")


def describe(tensor):
    """One line for a Tensor; None where it is none."""
    shape = shape_of(tensor)
    if shape is None:
        return None
    size = int(tensor["size"])
    name = tensor["name"].string() if int(tensor["name"]) else "?"
    text = "%s (%s)  data %s" % (name, ",".join(map(str, shape)), floats(tensor["data"], size))
    if int(tensor["grad"]):
        return text + "  grad " + floats(tensor["grad"], size)
    return text + ("  grad: not yet" if tensor["wants_grad"] else "  grad: not wanted")


class TensorPrinter:
    """A Tensor, or a pointer to one."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        pointer = self.value.type.strip_typedefs().code == gdb.TYPE_CODE_PTR
        address = "(Tensor *) %#x" % int(self.value) if pointer else "Tensor"
        if pointer and int(self.value) == 0:
            return "NULL"
        try:
            text = describe(self.value.dereference() if pointer else self.value)
        except (gdb.MemoryError, UnicodeDecodeError):
            text = None
        return address + (" " + text if text else ": no tensor here, or not yet")


def find_printer(value):
    kind = value.type.strip_typedefs()
    if kind.code == gdb.TYPE_CODE_PTR:
        kind = kind.target().strip_typedefs()
    kind = kind.unqualified()
    return TensorPrinter(value) if kind.code == gdb.TYPE_CODE_STRUCT and kind.tag == "Tensor" else None


gdb.pretty_printers.append(find_printer)
# the debug build looks for leaks when it ends, which cannot work under a debugger
gdb.execute("set environment LSAN_OPTIONS detect_leaks=0")
