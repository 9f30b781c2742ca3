"""Peers of the reader: reads every run below a directory with EventAccumulator, keeping every point; prints what it took as JSON."""
import hashlib, json, os, resource, sys, time

import numpy as np
from tensorboard.backend.event_processing import event_accumulator as ea

root, digest, started = sys.argv[1], "--digest" in sys.argv, time.perf_counter()
points, sums = 0, {}
for directory, _, files in sorted(os.walk(root)):
    if not any("tfevents" in name for name in files):
        continue
    accumulator = ea.EventAccumulator(directory, size_guidance={ea.SCALARS: 0, ea.TENSORS: 0, ea.HISTOGRAMS: 1, ea.IMAGES: 1})
    accumulator.Reload()
    tags = accumulator.Tags()
    for tag in tags["scalars"]:
        events = accumulator.Scalars(tag)
        points += len(events)
        if digest:
            sums[tag] = [(e.step, e.wall_time, e.value) for e in events]
    for tag in tags["tensors"]:
        if accumulator.SummaryMetadata(tag).plugin_data.plugin_name != "scalars":
            continue
        events = accumulator.Tensors(tag)
        points += len(events)
        if digest:
            sums[tag] = [(e.step, e.wall_time, e.tensor_proto.float_val[0] if e.tensor_proto.float_val else np.frombuffer(e.tensor_proto.tensor_content, "<f4")[0]) for e in events]
    if digest:
        for tag in sorted(sums):
            sums[tag] = hashlib.sha256(np.array(sums[tag], dtype="<f8").tobytes()).hexdigest()
        name = os.path.relpath(directory, root)
        print(json.dumps({"run": name, "tags": sums}, sort_keys=True))
        sums = {}
usage = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"points": points, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss / 1024, "load": time.perf_counter() - started}))
