"""A stand-in for the old Python system, to measure against: FastAPI, PyTorch's iresnet18, FAISS; no detector.

uvicorn:  OLD_STACK_WEIGHTS=float32.pth [OLD_STACK_FROZEN=1] uvicorn server:app --workers 2
alone:    OLD_STACK_WEIGHTS=float32.pth python3 server.py crop.jpg times     (decode and embed; prints CPU-ms of one)
"""
import importlib.util
import io
import os
import pathlib
import resource
import sys
import time

import faiss
import numpy
import torch
from fastapi import FastAPI, File, UploadFile
from PIL import Image

TEMPLATES, DIMENSION, SIDE = 10_000, 512, 112
THRESHOLD = 0.5

torch.set_num_threads(1)
faiss.omp_set_num_threads(1)
torch.set_grad_enabled(False)


def load_network():
    source = pathlib.Path(__file__).parents[2] / "src/models/convert/torch/iresnet-reference.py"
    spec = importlib.util.spec_from_file_location("iresnet", source)
    iresnet = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(iresnet)
    network = iresnet.IResNet([2, 2, 2, 2])
    network.load_state_dict(torch.load(os.environ["OLD_STACK_WEIGHTS"], map_location="cpu"))
    network.eval()
    if "OLD_STACK_FROZEN" not in os.environ:
        return network
    # Nobody did this in the old system: the strongest that this PyTorch offers.
    return torch.jit.optimize_for_inference(torch.jit.trace(network, torch.zeros(1, 3, SIDE, SIDE)))


def make_index():
    vectors = numpy.random.default_rng(1).standard_normal((TEMPLATES, DIMENSION), dtype=numpy.float32)
    vectors /= numpy.linalg.norm(vectors, axis=1, keepdims=True)
    index = faiss.IndexFlatIP(DIMENSION)
    index.add(vectors)
    return index


network = load_network()
index = make_index()
app = FastAPI()


def embed(photo):
    image = Image.open(io.BytesIO(photo)).convert("RGB").resize((SIDE, SIDE))
    pixels = (numpy.asarray(image, dtype=numpy.float32) - 127.5) / 127.5
    with torch.no_grad():
        vector = network(torch.from_numpy(pixels.transpose(2, 0, 1)[None].copy())).numpy()
    return vector / numpy.linalg.norm(vector)


@app.post("/query")
async def query(file: UploadFile = File(...)):
    started = time.perf_counter()
    scores, rows = index.search(embed(await file.read()), 1)
    score, row = float(scores[0, 0]), int(rows[0, 0])
    person = {"ten": f"person {row}", "tuoi": 30, "gioitinh": "nam", "noio": "nowhere"}
    match = {"image_id": row, "image_path": f"{row}.jpg", "class_id": str(row), "score": score, "nguoi": person}
    elapsed = (time.perf_counter() - started) * 1000
    return {**(match if score > THRESHOLD else {}), "best": match, "threshold": THRESHOLD, "processing_time_ms": elapsed}


def alone(path, times):
    photo = pathlib.Path(path).read_bytes()
    for _ in range(5):
        embed(photo)
    before = resource.getrusage(resource.RUSAGE_SELF)
    for _ in range(times):
        embed(photo)
    after = resource.getrusage(resource.RUSAGE_SELF)
    print((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000 / times)


if __name__ == "__main__":
    alone(sys.argv[1], int(sys.argv[2]))
