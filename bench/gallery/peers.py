"""Searches the same vectors with other programs, one thread each. Reads orders as JSON lines, answers with JSON lines."""
import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import ctypes
import json
import sys
import time

import numpy

try:
    import faiss

    faiss.omp_set_num_threads(1)
except ImportError:
    faiss = None

IMAGES_PER_PERSON = 5
vectors = probes = index = None


def blas():
    """The names of the BLAS libraries that are loaded, and what OpenBLAS says of itself."""
    files = sorted({line.split()[-1] for line in open("/proc/self/maps") if "blas" in line})
    for file in files:
        for name in ("openblas_get_config", "scipy_openblas_get_config64_", "openblas_get_config64_"):
            try:
                get = getattr(ctypes.CDLL(file), name)
                get.restype = ctypes.c_char_p
                return get().decode()
            except (AttributeError, OSError):
                pass
    return ", ".join(os.path.basename(file) for file in files) or "none"


def answer(order):
    global vectors, probes, index
    op = order["op"]
    if op == "versions":
        return {
            "python": sys.version.split()[0],
            "numpy": numpy.__version__,
            "blas": blas(),
            "faiss": faiss and faiss.__version__,
        }
    if op == "load":
        shape = (-1, order["dimension"])
        vectors = numpy.fromfile(order["vectors"], dtype=numpy.float32).reshape(shape)
        probes = numpy.fromfile(order["probes"], dtype=numpy.float32).reshape(shape)
        index = faiss and faiss.IndexFlatIP(order["dimension"])
        return {}
    if op == "grow":
        if index is not None:
            index.add(vectors[index.ntotal : order["count"]])
        vectors[: order["count"]] @ probes[0]
        return {}
    if op == "truth":
        return {"people": [best_people(vectors[: order["count"]] @ probe, order["limit"]) for probe in probes]}
    if op == "run":
        rows = vectors[: order["count"]]
        begin = time.process_time()
        for i in range(order["repeat"]):
            at = i % len(probes)
            if order["engine"] == "faiss":
                index.search(probes[at : at + 1], 5)
            else:
                rows @ probes[at]
        return {"cpuMs": (time.process_time() - begin) * 1000 / order["repeat"]}
    raise ValueError(op)


def best_people(scores, limit):
    """The rows of the best image of each of the best people."""
    of_person = scores.reshape(-1, IMAGES_PER_PERSON)
    best = of_person.max(axis=1)
    people = numpy.argpartition(-best, limit)[:limit]
    people = people[numpy.argsort(-best[people])]
    return [int(person * IMAGES_PER_PERSON + of_person[person].argmax()) for person in people]


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
